//! Keys and values as the right-hand side of products.

use crate::error::Result;
use crate::gemm::{PackedB, Part, View, add_rows_apart, dot_rows_apart};
use crate::level1::add_scaled;
use crate::simd::Real;
use crate::workspace::Buffer;

/// Queries from which on packing pays; a decoder's single query reads its keys as they lie.
const PACKED_QUERIES: usize = 4;

/// Rows of `width` reals, `stride` apart.
#[derive(Clone, Copy)]
pub struct Rows<'a> {
    pub data: &'a [Real],
    pub stride: usize,
    pub width: usize,
}

impl<'a> Rows<'a> {
    pub fn row(&self, index: usize) -> &'a [Real] {
        if self.width == 0 { &[] } else { &self.data[index * self.stride..][..self.width] }
    }

    /// The rows from `index` on.
    pub fn from(self, index: usize) -> Self {
        Self { data: self.data.get(index * self.stride..).unwrap_or(&[]), ..self }
    }

    pub fn view(&self) -> View<'a> {
        View::rows(self.data, self.stride)
    }
}

/// Rows [S, width] or their transpose, ready to be multiplied by many queries or by a few.
pub enum Operand<'a> {
    Packed(PackedB<'a>),
    AsIs(Rows<'a>),
    Transposed(Rows<'a>),
}

impl<'a> Operand<'a> {
    /// B = rows, [count, width].
    pub fn rows(buffer: &'a mut Buffer, rows: Rows<'a>, count: usize, queries: usize) -> Result<Self> {
        if queries < PACKED_QUERIES {
            return Ok(Self::AsIs(rows));
        }
        let panels = buffer.take(PackedB::room(count, rows.width))?;
        Ok(Self::Packed(PackedB::pack(panels, rows.view(), count, rows.width)))
    }

    /// B = the transpose of rows, [width, count].
    pub fn transposed(buffer: &'a mut Buffer, rows: Rows<'a>, count: usize, queries: usize) -> Result<Self> {
        if queries < PACKED_QUERIES {
            return Ok(Self::Transposed(rows));
        }
        let view = View::transposed(rows.data, rows.stride);
        let panels = buffer.take(PackedB::room(rows.width, count))?;
        Ok(Self::Packed(PackedB::pack(panels, view, rows.width, count)))
    }

    /// `C <- alpha A B + beta C` for a part of B; the rows of C lie `stride` apart, those of A as A says.
    pub fn multiply(
        &self,
        packed_a: &mut Buffer,
        c: &mut [Real],
        stride: usize,
        a: Rows,
        part: Part,
    ) -> Result {
        if let Self::Packed(packed) = self {
            return packed.multiply_part(packed_a, (c, stride), a.view(), part);
        }
        let Part { m, columns, depth, alpha, beta } = part;
        if columns.is_empty() {
            return Ok(());
        }
        for (i, c) in c.chunks_mut(stride).take(m).enumerate() {
            let c = &mut c[..columns.len()];
            let a = Rows { width: depth.len(), ..a }.row(i);
            match self {
                Self::AsIs(b) => add_rows_apart(c, b.from(depth.start).data, b.stride, a, alpha, beta),
                Self::Transposed(b) => {
                    dot_rows_apart(c, b.from(columns.start).data, b.stride, a, alpha, beta)
                }
                Self::Packed(_) => {}
            }
        }
        Ok(())
    }
}

/// `C[count, b.width] += alpha A^T B` for A [queries, count] with rows `a_stride` apart and B the rows of the queries.
pub fn add_transposed(
    [packed_a, packed_b]: [&mut Buffer; 2],
    c: &mut [Real],
    stride: usize,
    (a, a_stride): (&[Real], usize),
    b: Rows,
    (queries, count): (usize, usize),
    alpha: Real,
) -> Result {
    if count == 0 || b.width == 0 {
        return Ok(());
    }
    if queries < PACKED_QUERIES {
        for i in 0..queries {
            let row = b.row(i);
            for (c, &a) in c.chunks_mut(stride).zip(&a[i * a_stride..][..count]) {
                add_scaled(&mut c[..row.len()], row, alpha * a);
            }
        }
        return Ok(());
    }
    let part = Part { m: count, columns: 0..b.width, depth: 0..queries, alpha, beta: 1.0 };
    let b = PackedB::pack(packed_b.take(PackedB::room(queries, b.width))?, b.view(), queries, b.width);
    b.multiply_part(packed_a, (c, stride), View::transposed(a, a_stride), part)
}
