package dev.tiphys.apiserver.http;

import dev.tiphys.apiserver.http.media.ResponseWriter;
import dev.tiphys.http.Body;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;

/// A page in Prometheus' text format.
///
/// @param path where it is
record MetricsPage(String path, Supplier<String> text) implements ServerHandler.Page {

  private static final String MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  @Override
  public boolean answer(String asked, ResponseWriter response) {
    if (!asked.equals(path)) {
      return false;
    }
    byte[] content = text.get().getBytes(StandardCharsets.UTF_8);
    response.sendLarge(200, MEDIA_TYPE, Body.of(content), List.of());
    return true;
  }
}
