package dev.tiphys.apiserver.http;

import dev.tiphys.apiserver.catalog.Catalog;
import dev.tiphys.apiserver.catalog.Endpoint;
import dev.tiphys.apiserver.http.media.MediaType;
import dev.tiphys.apiserver.http.media.ResponseWriter;
import dev.tiphys.apiserver.past.ObjectHistory;
import dev.tiphys.http.Body;
import dev.tiphys.object.encoding.Json;
import java.util.List;

/// Who changed an object and why: `/history/RESOURCE/NAME`, and `/history/RESOURCE/NAMESPACE/NAME`.
/// Resources go by all the names that people give them.
final class HistoryPage implements ServerHandler.Page {

  private static final String ROOT = "/history/";

  private final Catalog catalog;
  private final ObjectHistory history;

  HistoryPage(Catalog catalog, ObjectHistory history) {
    this.catalog = catalog;
    this.history = history;
  }

  @Override
  public boolean answer(String path, ResponseWriter response) {
    if (!path.startsWith(ROOT)) {
      return false;
    }
    String[] parts = path.substring(ROOT.length()).split("/");
    Endpoint endpoint = parts.length < 2 || parts.length > 3 ? null : catalog.named(parts[0]);
    if (endpoint == null) {
      return false;
    }
    // the default namespace of a client does not matter to what has none
    String namespace = endpoint.served().namespaced() && parts.length == 3 ? parts[1] : "";
    byte[] json = Json.bytes(history.of(endpoint, namespace, parts[parts.length - 1]));
    response.sendLarge(200, MediaType.JSON, Body.of(json), List.of());
    return true;
  }
}
