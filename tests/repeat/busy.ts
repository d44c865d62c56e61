// Keeps one core busy for as long as whoever started it lives.
process.stdin.resume().on('close', () => process.exit(0))

function spin(): void {
  for (const end = performance.now() + 50; performance.now() < end; );
  setImmediate(spin)
}

spin()
