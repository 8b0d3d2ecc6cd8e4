package dev.tiphys.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Lists that are too large to be put together in memory.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LargeListTest {

  private static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";
  private static final int COUNT = 25;

  private RunningServer server;
  private List<Struct> paged;

  /// By one server for all tests, and not over TLS: what is large takes long to encrypt.
  @BeforeAll
  void create() throws Exception {
    server = new RunningServer();
    Api api = server.api("writer");
    for (int i = 0; i < COUNT; i++) {
      String text = Character.toString('a' + i).repeat(900_000);
      Struct metadata = Struct.of("name", "large-%02d".formatted(i), "namespace", "default");
      api.create(
          ApiResource.CONFIG_MAPS, Struct.of("metadata", metadata, "data", Struct.of("k", text)));
    }
    paged = pages(new Wire(server, HttpClient.Version.HTTP_1_1));
  }

  @AfterAll
  void close() {
    server.close();
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void theyHoldEveryObjectInOrder(HttpClient.Version version) throws Exception {
    Wire wire = new Wire(server, version);
    Wire.Answer answer = wire.get(CONFIG_MAPS);

    assertThat(answer.code()).isEqualTo(200);
    assertThat(answer.headers("content-length")).isEmpty();
    assertThat(large(answer.json())).isEqualTo(paged);
    assertThat(wire.get(CONFIG_MAPS + "?limit=3").headers("content-length")).isNotEmpty();
  }

  @Test
  void aWatchThatBeginsWithThemTellsEachAndThenThatThatWasAll() throws Exception {
    Wire wire = new Wire(server, HttpClient.Version.HTTP_1_1);
    List<String> names = new ArrayList<>();
    try (Wire.Frames frames =
        wire.watch(
            CONFIG_MAPS
                + "?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan"
                + "&allowWatchBookmarks=true")) {
      for (Struct frame = frames.next();
          frame.string("type").equals("ADDED");
          frame = frames.next()) {
        names.add(frame.string("object", "metadata", "name"));
      }
    }

    assertThat(names).filteredOn(name -> name.startsWith("large-")).hasSize(COUNT).isSorted();
  }

  private static List<Struct> large(Struct list) {
    return list.structs("items").stream()
        .filter(item -> item.string("metadata", "name").startsWith("large-"))
        .toList();
  }

  private static List<Struct> pages(Wire wire) throws Exception {
    List<Struct> all = new ArrayList<>();
    String token = "";
    do {
      Struct page = wire.get(CONFIG_MAPS + "?limit=4&continue=" + token).json();
      all.addAll(large(page));
      token = page.string("metadata", "continue");
    } while (!token.isEmpty());
    assertThat(all).hasSize(COUNT);
    return all;
  }
}
