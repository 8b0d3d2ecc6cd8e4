package dev.tiphys.apiserver.fairness;

import dev.tiphys.apiserver.authorization.Attributes.Subject;
import dev.tiphys.apiserver.request.UserInfo;
import java.time.Instant;
import java.util.function.BooleanSupplier;

/// A request, as far as its turn depends on it.
///
/// @param user in whose name
/// @param verb what is to be done
/// @param subject to what
/// @param gone whether its client has left, so that it needs no turn any more
public record FlowRequest(UserInfo user, String verb, Subject subject, BooleanSupplier gone) {

  /// A request that waits or is served, for pages that show the levels.
  ///
  /// @param schema the name of the schema that matches it
  /// @param flow what tells its flow from others
  /// @param work how much work it is
  /// @param arrived when it arrived
  record Ticket(FlowRequest request, String schema, String flow, Work work, Instant arrived) {}
}
