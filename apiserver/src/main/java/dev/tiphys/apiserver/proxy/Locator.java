package dev.tiphys.apiserver.proxy;

import dev.tiphys.apiserver.http.ResourceRequest;
import dev.tiphys.object.api.ApiException;

/// Finds what answers for an object.
interface Locator {

  /// @throws ApiException if the object does not exist, or nothing answers for it
  Backend locate(ResourceRequest request);
}
