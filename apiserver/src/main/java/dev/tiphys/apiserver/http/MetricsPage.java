package dev.tiphys.apiserver.http;

import dev.tiphys.apiserver.http.media.ResponseWriter;
import dev.tiphys.apiserver.metrics.Metrics;
import dev.tiphys.http.Body;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// `/metrics`
record MetricsPage(Metrics metrics) implements ServerHandler.Page {

  private static final String MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  @Override
  public boolean answer(String path, ResponseWriter response) {
    if (!path.equals("/metrics")) {
      return false;
    }
    byte[] text = metrics.text().getBytes(StandardCharsets.UTF_8);
    response.sendLarge(200, MEDIA_TYPE, Body.of(text), List.of());
    return true;
  }
}
