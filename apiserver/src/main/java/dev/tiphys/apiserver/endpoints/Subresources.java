package dev.tiphys.apiserver.endpoints;

import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import java.util.HashMap;
import java.util.Map;

/// The subresources that are served, by their resource and name.
///
/// Threads: filled while the server is put together, then read by any.
public final class Subresources {

  private final Map<String, Subresource> ofAll = new HashMap<>();
  private final Map<String, Subresource> ofOne = new HashMap<>();

  /// Serves a subresource of every resource that has one of this name.
  public Subresources add(String name, Subresource subresource) {
    ofAll.put(name, subresource);
    return this;
  }

  /// Serves a subresource of one resource.
  ///
  /// @param groupResource as messages name it: `deployments.apps`
  public Subresources add(String groupResource, String name, Subresource subresource) {
    ofOne.put(groupResource + "/" + name, subresource);
    return this;
  }

  /// The subresource that a request is about.
  Subresource of(Target target) {
    String groupResource = target.endpoint().served().groupResource();
    Subresource own = ofOne.get(groupResource + "/" + target.subresource());
    Subresource found = own == null ? ofAll.get(target.subresource()) : own;
    if (found == null || target.endpoint().served().subresource(target.subresource()) == null) {
      throw ApiException.ofServer(
          Reason.NOT_FOUND, "the server could not find the requested resource");
    }
    return found;
  }
}
