/** All bytes at an address. @throws Error with the server's answer when it is not a success */
export async function fetchBytes(location: string | URL): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(location);
  if (!response.ok) {
    throw new Error(`the server answered ${response.status} for ${new URL(response.url).pathname}`);
  }
  return new Uint8Array(await response.arrayBuffer());
}
