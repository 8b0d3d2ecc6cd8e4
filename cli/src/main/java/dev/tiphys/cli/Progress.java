package dev.tiphys.cli;

import dev.tiphys.world.World;
import java.util.Locale;

/// Tells the user how far the start has come, a line for each step.
///
/// Threads: any.
final class Progress {

  private final World world;
  private final long start;

  Progress(World world) {
    this.world = world;
    this.start = world.nanoTime();
  }

  /// A part works.
  synchronized void done(String part, String detail) {
    System.out.printf(
        Locale.ROOT, "  %-16s %-44s %5.2f s%n", part, detail, (world.nanoTime() - start) / 1e9);
  }

  /// Something that the user should know.
  synchronized void say(String line) {
    System.out.println(line);
  }
}
