package dev.tiphys.network.gatewayapi;

import dev.tiphys.client.ApiResource;
import dev.tiphys.network.router.listeners.Edge;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ObjectKey;
import java.util.List;

/// What is served, and what is said of it.
///
/// @param revision of the newest object that is served
record Plan(String revision, List<Edge.Site> sites, List<Told> told) {

  static final Plan NOTHING = new Plan("", List.of(), List.of());

  /// What the status of an object is to say.
  ///
  /// @param generation that was looked at
  record Told(ApiResource resource, ObjectKey key, long generation, Status status) {}

  /// Makes a status.
  @FunctionalInterface
  interface Status {

    /// @param present the status that there is; what it says of others is kept
    /// @param now as objects hold it
    Struct of(Struct present, String now);
  }
}
