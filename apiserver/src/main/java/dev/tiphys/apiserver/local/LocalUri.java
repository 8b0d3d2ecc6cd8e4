package dev.tiphys.apiserver.local;

import dev.tiphys.apiserver.authorization.Attributes.Subject;
import dev.tiphys.apiserver.pipeline.RequestInfo;

/// Where a request in this process would go if it went over HTTP, as the audit log has it.
final class LocalUri {

  private LocalUri() {}

  static String of(RequestInfo info) {
    return switch (info.subject()) {
      case Subject.OfPath(String path) -> path;
      case Subject.OfResource resource -> of(resource, info.verb());
    };
  }

  private static String of(Subject.OfResource resource, String verb) {
    StringBuilder uri = new StringBuilder();
    uri.append(resource.group().isEmpty() ? "/api/" : "/apis/" + resource.group() + "/")
        .append(resource.version());
    if (!resource.namespace().isEmpty()) {
      uri.append("/namespaces/").append(resource.namespace());
    }
    uri.append('/').append(resource.plural());
    if (!resource.name().isEmpty()) {
      uri.append('/').append(resource.name());
    }
    if (!resource.subresource().isEmpty()) {
      uri.append('/').append(resource.subresource());
    }
    return uri.append(verb.equals("watch") ? "?watch=true" : "").toString();
  }
}
