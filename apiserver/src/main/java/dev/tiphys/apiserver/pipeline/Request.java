package dev.tiphys.apiserver.pipeline;

import dev.tiphys.apiserver.audit.Trail;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.apiserver.request.UserInfo;
import java.time.Instant;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/// One request, as a door hands it to the pipeline.
///
/// @param sender where it comes from
/// @param info what it is about
/// @param part the part of the cluster that asks, as traces name it
/// @param manager the manager of the fields that it writes
/// @param cause the revision that the sender reacts to, or 0
/// @param dryRun whether everything is to be done but the write
/// @param received when it arrived; null if it was made in this process
/// @param trail what is recorded of it
/// @param seats how many seats it takes, given how many it may take at most
public record Request(
    Sender sender,
    RequestInfo info,
    String part,
    String manager,
    long cause,
    boolean dryRun,
    @Nullable Instant received,
    Trail trail,
    IntUnaryOperator seats) {

  /// The request in the name of `user`.
  Call call(UserInfo user) {
    Call call = new Call(user, manager, cause, dryRun).byPart(part);
    return received == null ? call : call.receivedAt(received);
  }
}
