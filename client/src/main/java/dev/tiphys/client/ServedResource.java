package dev.tiphys.client;

import java.util.List;

/// A resource that the server serves.
///
/// @param resource the resource, in the version the server prefers
/// @param verbs what can be done with it
public record ServedResource(ApiResource resource, List<String> verbs) {

  public ServedResource {
    verbs = List.copyOf(verbs);
  }
}
