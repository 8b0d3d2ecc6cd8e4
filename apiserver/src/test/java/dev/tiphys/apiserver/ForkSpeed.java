package dev.tiphys.apiserver;

import dev.tiphys.apiserver.catalog.Catalog;
import dev.tiphys.apiserver.past.Forks;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.store.embedded.Seed;
import dev.tiphys.world.RealWorld;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// Measures how long it takes until a second store begins where a first one was: giving out what is
/// in it, planting that in a directory, and opening it. Run its main method with the directory of
/// definitions of custom resources, in YAML, which fill the store.
final class ForkSpeed {

  private static final ApiResource DEFINITIONS =
      new ApiResource(
          new GroupVersion("apiextensions.k8s.io", "v1"),
          "customresourcedefinitions",
          "CustomResourceDefinition",
          false);

  private static final int ROUNDS = 31;

  private final RealWorld world = new RealWorld();
  private final long[][] nanos = new long[3][ROUNDS];

  public static void main(String[] args) throws IOException {
    new ForkSpeed().measure(Path.of(args[0]));
  }

  private void measure(Path definitions) throws IOException {
    Path directory = Files.createTempDirectory("forks");
    try (ApiServer server = new ApiServer(EmbeddedStore.inMemory(world), world)) {
      Api api = server.api("measuring");
      try (Stream<Path> files = Files.walk(definitions)) {
        for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
          create(api, Files.readString(file));
        }
      }
      Catalog catalog = server.catalog();
      Forks forks = new Forks(catalog, Duration.ofHours(1));
      int bytes = 0;
      for (int round = 0; round < ROUNDS; round++) {
        bytes = fork(forks, directory.resolve("fork" + round), round);
      }
      System.out.printf("%,d KB, first and median in µs:%n", bytes / 1024);
      List<String> steps = List.of("giving out", "planting", "opening");
      for (int step = 0; step < steps.size(); step++) {
        long first = nanos[step][0];
        Arrays.sort(nanos[step]);
        System.out.printf(
            "  %-10s %,8d %,8d%n", steps.get(step), first / 1000, nanos[step][ROUNDS / 2] / 1000);
      }
    }
  }

  private static void create(Api api, String text) {
    for (Object document : Yaml.parseAll(text)) {
      if (document instanceof Struct definition
          && definition.string("kind").equals(DEFINITIONS.kind())
          && api.find(DEFINITIONS, "", definition.string("metadata", "name")) == null) {
        api.create(DEFINITIONS, definition.without("status"));
      }
    }
  }

  private int fork(Forks forks, Path directory, int round) throws IOException {
    long begin = world.nanoTime();
    byte[] seed = forks.now();
    long given = world.nanoTime();
    Seed.plant(new ByteArrayInputStream(seed), directory);
    long planted = world.nanoTime();
    try (EmbeddedStore _ = EmbeddedStore.open(directory, world)) {
      nanos[2][round] = world.nanoTime() - planted;
    }
    nanos[0][round] = given - begin;
    nanos[1][round] = planted - given;
    return seed.length;
  }
}
