package dev.tiphys.cli.machine;

import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.World;
import java.time.Duration;

/// Keeps the heap in proportion to what is in use. The collector by itself lets garbage grow old
/// until the largest heap is full, and sizes the young generation only when it collects the old
/// one: a process that does little would come to hold a quarter of the machine, and one that does
/// much would work with a tiny young generation.
///
/// So all of the heap is collected whenever it has grown by half, and some, since the last time.
/// That costs about a second for each gigabyte in use, and less and less often as the heap grows;
/// what is then free beyond the collector's limits goes back to the system.
public final class HeapKeeper implements AutoCloseable {

  private static final Duration LOOKS = Duration.ofSeconds(2);

  /// How much the heap may grow whatever its size.
  private static final long ALLOWANCE = 32 << 20;

  private final World world;
  private final Runtime runtime = Runtime.getRuntime();
  private final SupervisedTask task;
  private long inUse = 16 << 20; // the task's

  private HeapKeeper(World world) {
    this.world = world.background();
    this.task = world.supervisor().start("heap keeper", this::run);
  }

  public static HeapKeeper start(World world) {
    return new HeapKeeper(world);
  }

  private void run() throws InterruptedException {
    while (true) {
      world.sleep(LOOKS);
      if (used() > inUse + inUse / 2 + ALLOWANCE) {
        System.gc();
        inUse = used();
      }
    }
  }

  private long used() {
    return runtime.totalMemory() - runtime.freeMemory();
  }

  @Override
  public void close() {
    task.close();
  }
}
