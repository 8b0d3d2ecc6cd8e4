package dev.tiphys.store.embedded;

import dev.tiphys.store.KeyValue;
import dev.tiphys.store.Write;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.Task;
import dev.tiphys.world.World;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Prints how fast the store is on a disk, and how much memory it takes. Run it by hand: the first
/// argument says what to measure, the second is the directory to use.
final class StoreBenchmark {

  private static final int KEYS = 200_000;
  private static final int VALUE = 400;
  private static final int PUTS = 40_000;

  private final World world = new RealWorld();
  private final Path directory;

  private StoreBenchmark(Path directory) {
    this.directory = directory;
  }

  public static void main(String[] args) throws Exception {
    StoreBenchmark benchmark = new StoreBenchmark(Path.of(args[1]));
    switch (args[0]) {
      case "puts" -> benchmark.puts();
      case "fill" -> benchmark.fillDisk();
      case "reopen" -> benchmark.reopen();
      case "memory" -> benchmark.memory();
      default -> throw new IllegalArgumentException("puts, fill, reopen or memory");
    }
  }

  private void puts() throws Exception {
    for (int round = 0; round < 3; round++) {
      for (int writers : new int[] {1, 8, 32, 128}) {
        puts(writers, writers == 1 ? PUTS / 8 : PUTS);
      }
    }
  }

  private void puts(int writers, int puts) throws Exception {
    try (EmbeddedStore store = EmbeddedStore.open(directory, world)) {
      AtomicInteger next = new AtomicInteger();
      long[] nanos = new long[puts];
      List<Task> tasks = new ArrayList<>();
      long begin = System.nanoTime();
      for (int i = 0; i < writers; i++) {
        tasks.add(
            world.start(
                "writer",
                () -> {
                  for (int n = next.getAndIncrement(); n < puts; n = next.getAndIncrement()) {
                    long before = System.nanoTime();
                    put(store, n % 5000);
                    nanos[n] = System.nanoTime() - before;
                  }
                }));
      }
      for (Task task : tasks) {
        task.join();
      }
      double seconds = (System.nanoTime() - begin) / 1e9;
      Arrays.sort(nanos);
      System.out.printf(
          "%4d writers: %6.0f puts/s, half within %4d us, 99%% within %5d us%n",
          writers, puts / seconds, nanos[puts / 2] / 1000, nanos[puts / 100 * 99] / 1000);
    }
  }

  private void fillDisk() throws Exception {
    try (EmbeddedStore store = EmbeddedStore.open(directory, world)) {
      fill(store);
      System.out.printf("%d keys take %d MB on disk%n", KEYS, store.size() >> 20);
    }
  }

  private void reopen() {
    long begin = System.nanoTime();
    EmbeddedStore store = EmbeddedStore.open(directory, world);
    System.out.printf(
        "%d keys reopened in %d ms%n",
        store.snapshot().count("", ""), (System.nanoTime() - begin) / 1_000_000);
    store.close();
  }

  private void memory() throws Exception {
    long before = used();
    EmbeddedStore store = EmbeddedStore.inMemory(world);
    fill(store);
    store.compact(store.revision());
    long keyBytes = 0;
    for (KeyValue state : store.snapshot().list("", "", Integer.MAX_VALUE)) {
      keyBytes += state.key().length();
    }
    long perKey = (used() - before) / KEYS;
    System.out.printf(
        "%d bytes a key in memory: value %d, key %d, the rest %d%n",
        perKey, VALUE, keyBytes / KEYS, perKey - VALUE - keyBytes / KEYS);
    store.close();
  }

  private void fill(EmbeddedStore store) throws InterruptedException {
    List<Task> tasks = new ArrayList<>();
    AtomicInteger next = new AtomicInteger();
    for (int i = 0; i < 200; i++) {
      tasks.add(
          world.start(
              "writer",
              () -> {
                for (int n = next.getAndIncrement(); n < KEYS; n = next.getAndIncrement()) {
                  put(store, n * 7919 % KEYS);
                }
              }));
    }
    for (Task task : tasks) {
      task.join();
    }
  }

  private static void put(EmbeddedStore store, int number) {
    String key = "/registry/pods/namespace-%03d/pod-%08x".formatted(number % 100, number * 31);
    store.write(Write.put(key, new byte[VALUE]));
  }

  private static long used() throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      System.gc();
      Thread.sleep(50);
    }
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
