package dev.tiphys.apiserver.http;

import dev.tiphys.object.api.ApiException;
import java.util.HashMap;
import java.util.Map;

/// The subresources that are no trees but streams: logs, connections into containers, proxies.
///
/// Threads: filled while the server is put together, then asked by any.
public final class Connectors {

  private final Map<String, Connector> connectors = new HashMap<>();

  /// Answers requests for one such subresource.
  public interface Connector {
    void connect(ResourceRequest request);
  }

  /// @param path resource and subresource: `pods/log`
  public Connectors add(String path, Connector connector) {
    connectors.put(path, connector);
    return this;
  }

  /// Answers a request that is for one of them; returns false if it is for none.
  boolean connect(ResourceRequest request) {
    Connector connector =
        connectors.get(
            request.target().endpoint().served().plural() + "/" + request.target().subresource());
    if (connector == null) {
      return false;
    }
    boolean connects = !request.target().subresource().equals("log");
    if (connects && request.parameters().has("dryRun")) {
      throw ApiException.badRequest("dryRun is not supported");
    }
    if (connects) {
      ConnectOptions.admit(request);
    }
    connector.connect(request);
    return true;
  }
}
