package dev.tiphys.apiserver.http;

import dev.tiphys.apiserver.discovery.Discovery;
import dev.tiphys.apiserver.http.media.MediaType;
import dev.tiphys.apiserver.http.media.ResponseWriter;
import dev.tiphys.apiserver.http.query.Parameters;
import dev.tiphys.http.Body;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The paths outside resources: discovery, version, health, metrics, and the descriptions of the
/// API.
///
/// Threads: any.
final class ServerHandler {

  private final Discovery discovery;
  private final Health health;
  private final List<Page> pages;

  /// Something that is served under paths of its own.
  interface Page {
    /// Answers a request for `path`, or returns false if that is not one of its paths.
    boolean answer(String path, ResponseWriter response);
  }

  ServerHandler(Discovery discovery, Health health, List<Page> pages) {
    this.discovery = discovery;
    this.health = health;
    List<Page> all = new ArrayList<>(pages);
    all.add(new DiscoveryPages(discovery));
    this.pages = List.copyOf(all);
  }

  void handle(String path, ResponseWriter response, Parameters parameters) {
    List<String> parts = List.of(path.substring(1).split("/", -1));
    switch (parts.getFirst()) {
      case "livez", "readyz", "healthz" -> sendHealth(parts, response, parameters);
      default -> {
        boolean slash = path.length() > 1 && path.endsWith("/");
        String page = slash ? path.substring(0, path.length() - 1) : path;
        if (path.equals("/")) {
          byte[] paths = Json.bytes(Struct.of("paths", paths()));
          response.send(200, MediaType.JSON, Body.of(paths), List.of());
        } else if (pages.stream().noneMatch(each -> each.answer(page, response))) {
          notFound(response);
        }
      }
    }
  }

  private List<String> paths() {
    List<String> paths = new ArrayList<>(List.of("/api", "/api/v1", "/apis"));
    for (Struct group : discovery.groupList().structs("groups")) {
      paths.add("/apis/" + group.string("name"));
      group
          .structs("versions")
          .forEach(version -> paths.add("/apis/" + version.string("groupVersion")));
    }
    paths.addAll(
        List.of(
            "/healthz",
            "/livez",
            "/metrics",
            "/metrics/slis",
            "/openapi/v2",
            "/openapi/v3",
            "/readyz",
            "/version"));
    return paths;
  }

  private void sendHealth(List<String> parts, ResponseWriter response, Parameters parameters) {
    String one = String.join("/", parts.subList(1, parts.size()));
    if (parts.size() > 1 && one.isEmpty()) {
      notFound(response);
      return;
    }
    Health.Answer answer =
        health.answer(parts.getFirst(), one, parameters.has("verbose"), parameters.all("exclude"));
    sendText(response, answer.status(), answer.text());
  }

  private static void sendText(ResponseWriter response, int status, String text) {
    response.send(
        status,
        "text/plain; charset=utf-8",
        Body.of(text.getBytes(StandardCharsets.UTF_8)),
        List.of());
  }

  static void notFound(ResponseWriter response) {
    sendText(response, 404, "404 page not found\n");
  }
}
