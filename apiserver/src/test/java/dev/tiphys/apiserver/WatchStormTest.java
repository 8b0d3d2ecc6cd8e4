package dev.tiphys.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Many clients watch one resource over HTTP/2 while a lot happens to it: some as fast as they can,
/// some slowly, some breaking off and going on from where they were. Each must see each event once,
/// and in order.
///
/// `-Dtiphys.watches` and `-Dtiphys.events` say how many of each there are.
class WatchStormTest {

  private static final int WATCHES = Integer.getInteger("tiphys.watches", 45);
  private static final int EVENTS = Integer.getInteger("tiphys.events", 2000);
  private static final int WATCHES_PER_CONNECTION = 50;
  private static final int WRITERS = 4;
  private static final String LAST = "the-last-one";
  private static final String ERROR = "{\"type\":\"ERROR\"";

  /// How far the writers may be ahead of the readers.
  private static final int LEAD = 5_000;

  /// How many events a reader reports at a time.
  private static final int REPORTED = 100;

  private final RunningServer server;
  private final ExecutorService tasks = Executors.newVirtualThreadPerTaskExecutor();
  private final Object progress = new Object();
  private int written; // guarded by progress
  private long read; // by all readers together; guarded by progress

  WatchStormTest() throws IOException {
    server = new RunningServer();
  }

  @AfterEach
  void close() {
    tasks.close();
    server.close();
  }

  private enum Reader {
    QUICK,
    SLOW,
    RESETTING
  }

  @Test
  void everyWatchSeesEveryEventOnceAndInOrder() throws Exception {
    Api api = server.api("writer");
    long start =
        Long.parseLong(
            api.create(ApiResource.CONFIG_MAPS, configMap("first", 0))
                .string("metadata", "resourceVersion"));
    List<Future<Integer>> watches = new ArrayList<>();
    Wire wire = null;
    for (int i = 0; i < WATCHES; i++) {
      wire = wire == null || i % WATCHES_PER_CONNECTION == 0 ? new Wire(server) : wire;
      Wire own = wire;
      Reader reader = Reader.values()[i % Reader.values().length];
      watches.add(tasks.submit(() -> follow(own, reader, start)));
    }
    List<Future<?>> writers = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      String prefix = "w" + i + "-";
      SplittableRandom random = new SplittableRandom(i);
      writers.add(tasks.submit(() -> write(api, prefix, random, EVENTS / WRITERS)));
    }
    for (Future<?> writer : writers) {
      writer.get();
    }
    api.create(ApiResource.CONFIG_MAPS, configMap(LAST, 0));
    wrote(EVENTS); // lets the slow ones go

    for (Future<Integer> watch : watches) {
      assertThat(watch.get()).isEqualTo(EVENTS / WRITERS * WRITERS + 1);
    }
  }

  private int write(Api api, String prefix, SplittableRandom random, int count)
      throws InterruptedException {
    boolean[] exists = new boolean[20];
    for (int i = 0; i < count; i++) {
      int which = random.nextInt(exists.length);
      String name = prefix + which;
      if (!exists[which]) {
        api.create(ApiResource.CONFIG_MAPS, configMap(name, i));
        exists[which] = true;
      } else if (random.nextInt(5) == 0) {
        api.delete(ApiResource.CONFIG_MAPS, "default", name, DeleteOptions.DEFAULT);
        exists[which] = false;
      } else {
        api.update(ApiResource.CONFIG_MAPS, configMap(name, i), "");
      }
      wrote(1);
      awaitReaders();
    }
    return count;
  }

  private static Struct configMap(String name, int version) {
    return new StructBuilder()
        .add("apiVersion", "v1")
        .add("kind", "ConfigMap")
        .add("metadata", Struct.of("name", name, "namespace", "default"))
        .add("data", Struct.of("version", "" + version))
        .build();
  }

  /// Reads until the last event. Returns how many there were.
  private int follow(Wire wire, Reader reader, long start) throws Exception {
    long seen = start;
    int count = 0;
    while (true) {
      try (Wire.Frames frames =
          wire.watch("/api/v1/namespaces/default/configmaps?watch=1&resourceVersion=" + seen)) {
        int broken = reader == Reader.RESETTING ? 997 : Integer.MAX_VALUE;
        for (int i = 0; i < broken; i++) {
          String frame = frames.lines().readLine();
          if (frame == null || frame.startsWith(ERROR)) { // no assertion: this happens very often
            fail("%s got %s after %d events".formatted(reader, frame, count));
          }
          long revision = Long.parseLong(between(frame, "\"resourceVersion\":\"", "\""));
          if (revision <= seen) {
            fail("%s got %s after %d".formatted(reader, frame, seen));
          }
          seen = revision;
          count++;
          if (count % REPORTED == 0) {
            read(REPORTED);
          }
          if (frame.contains(LAST)) {
            return count;
          }
          if (reader == Reader.SLOW && count % 200 == 0) {
            awaitWritten(count + 1000);
          }
        }
      }
    }
  }

  private static String between(String text, String before, String after) {
    int start = text.indexOf(before) + before.length();
    return text.substring(start, text.indexOf(after, start));
  }

  private void wrote(int more) {
    synchronized (progress) {
      written += more;
      progress.notifyAll();
    }
  }

  private void read(int more) {
    synchronized (progress) {
      read += more;
      progress.notifyAll();
    }
  }

  /// Waits until the readers, one with another, are near: those that fall minutes behind are cut
  /// off.
  private void awaitReaders() throws InterruptedException {
    synchronized (progress) {
      while (written - read / WATCHES > LEAD) {
        progress.wait();
      }
    }
  }

  private void awaitWritten(int count) throws InterruptedException {
    synchronized (progress) {
      while (written < Math.min(count, EVENTS)) {
        progress.wait();
      }
    }
  }
}
