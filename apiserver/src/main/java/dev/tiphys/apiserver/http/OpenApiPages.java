package dev.tiphys.apiserver.http;

import dev.tiphys.apiserver.aggregation.RemoteGroup;
import dev.tiphys.apiserver.aggregation.RemoteGroups;
import dev.tiphys.apiserver.http.media.MediaType;
import dev.tiphys.apiserver.http.media.ResponseWriter;
import dev.tiphys.apiserver.http.query.Parameters;
import dev.tiphys.apiserver.openapi.OpenApi;
import dev.tiphys.http.Body;
import dev.tiphys.http.Header;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.schema.GroupVersion;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The descriptions of the API: `/openapi/v3` and what lies below it, and `/openapi/v2`.
final class OpenApiPages implements ServerHandler.Page {

  /// The names of OpenAPI v2 in protobuf: one that is no proper media type, and its successor.
  private static final List<String> SWAGGER =
      List.of(
          "application/com.github.proto-openapi.spec.v2@v1.0+protobuf",
          "application/com.github.proto-openapi.spec.v2.v1.0+protobuf");

  private static final String ROOT = "/openapi/v3";

  /// What is asked for without a hash may be another document tomorrow.
  private static final String CHECKED = "no-cache, private";

  private final OpenApi openApi;

  private final RemoteGroups remote;

  /// Those of other servers that have only one of v2.
  private final Map<GroupVersion, Converted> converted = new ConcurrentHashMap<>();

  /// @param from the document of v2
  private record Converted(Struct from, OpenApi.Document document) {}

  /// @param remote what other servers serve, and describe themselves
  OpenApiPages(OpenApi openApi, RemoteGroups remote) {
    this.openApi = openApi;
    this.remote = remote;
  }

  /// Which documents there are, those of other servers among them.
  private Struct index() {
    Struct index = openApi.index();
    for (RemoteGroup group : remote.all()) {
      if (group.available()) {
        String path = group.groupVersion().path().substring(1);
        String url = url(group, path);
        if (!url.isEmpty()) {
          index = index.withAt(Struct.of("serverRelativeURL", url), "paths", path);
        }
      }
    }
    return index;
  }

  private String url(RemoteGroup group, String path) {
    String own = group.description().location();
    OpenApi.Document document = own.isEmpty() ? converted(group) : null;
    return document == null ? own : ROOT + "/" + path + "?hash=" + document.hash();
  }

  /// The document of a server that has only one of v2; null if it has none at all.
  @SuppressWarnings("ReferenceEquality") // comparing what stands in them would take long
  private OpenApi.@Nullable Document converted(RemoteGroup group) {
    Struct old = group.description().whole();
    if (old.isEmpty() || !group.description().location().isEmpty()) {
      return null;
    }
    return converted.compute(
            group.groupVersion(),
            (_, known) ->
                known != null && known.from == old ? known : new Converted(old, OpenApi.ofOld(old)))
        .document;
  }

  private OpenApi.@Nullable Document find(String path) {
    for (RemoteGroup group : remote.all()) {
      if (group.groupVersion().path().substring(1).equals(path)) {
        return converted(group);
      }
    }
    return openApi.find(path);
  }

  private void sendWhole(ResponseWriter response) {
    String header = response.exchange().header("accept");
    boolean protobuf =
        MediaType.accepted(header == null ? "" : header).stream()
            .map(MediaType::name)
            .filter(name -> name.equals(MediaType.JSON) || SWAGGER.contains(name))
            .findFirst()
            .filter(SWAGGER::contains)
            .isPresent();
    List<Struct> others =
        remote.all().stream()
            .map(group -> group.description().whole())
            .filter(whole -> !whole.isEmpty())
            .toList();
    OpenApi.Document document = openApi.whole(others, protobuf);
    response.sendKept(
        protobuf ? SWAGGER.getLast() : MediaType.JSON,
        Body.of(document.content()),
        document.hash(),
        CHECKED);
  }

  @Override
  public boolean answer(String path, ResponseWriter response) {
    if (path.equals(ROOT)) {
      byte[] index = Json.bytes(index());
      response.sendKept(MediaType.JSON, Body.of(index), OpenApi.hash(index), CHECKED);
      return true;
    }
    if (path.equals("/openapi/v2")) {
      sendWhole(response);
      return true;
    }
    if (!path.startsWith(ROOT + "/")) {
      return false;
    }
    OpenApi.Document document = find(path.substring(ROOT.length() + 1));
    if (document == null) {
      response.sendEmpty(404);
      return true;
    }
    String hash = new Parameters(response.exchange().query()).text("hash");
    if (!hash.isEmpty() && !hash.equals(document.hash())) {
      response.sendEmpty(301, new Header("Location", path + "?hash=" + document.hash()));
      return true;
    }
    response.sendKept(
        MediaType.JSON,
        Body.of(document.content()),
        document.hash(),
        hash.isEmpty() ? CHECKED : "public, immutable");
    return true;
  }
}
