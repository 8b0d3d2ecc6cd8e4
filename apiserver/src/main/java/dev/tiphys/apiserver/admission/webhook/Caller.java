package dev.tiphys.apiserver.admission.webhook;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.apiserver.admission.expression.Conditions.Asking;
import dev.tiphys.apiserver.admission.expression.Conditions.Match;
import dev.tiphys.apiserver.admission.expression.Given;
import dev.tiphys.apiserver.admission.expression.UserAccess;
import dev.tiphys.apiserver.admission.matching.Form;
import dev.tiphys.apiserver.admission.matching.Incoming;
import dev.tiphys.apiserver.authorization.Authorizer;
import dev.tiphys.apiserver.registry.ObjectNames;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.apiserver.webhook.WebhookException;
import dev.tiphys.apiserver.webhook.Webhooks;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.world.World;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Asks webhooks about requests, if they are meant.
///
/// @param webhooks how they are reached
/// @param authorizer what conditions ask
/// @param log told of each call
/// @param skipped the names of webhooks that are never asked
record Caller(
    World world, Webhooks webhooks, Authorizer authorizer, CallLog log, Set<String> skipped) {

  /// The version in which a webhook is to see a request; null if it is not to see it.
  @Nullable Form form(Hook hook, Incoming incoming, boolean mutating) {
    Form form = hook.matcher().match(incoming);
    if (form == null) {
      return null;
    }
    if (!hook.conditions().isEmpty() && !holds(hook, incoming, form, mutating)) {
      return null;
    }
    if (skipped.contains(hook.name())) {
      log.skip(hook, mutating);
      incoming
          .request()
          .call()
          .warn("admission webhook \"" + hook.name() + "\" was skipped, as --skip-webhook says");
      return null;
    }
    return form;
  }

  private boolean holds(Hook hook, Incoming incoming, Form form, boolean mutating) {
    Admission.Request request = incoming.request();
    UserAccess access = new UserAccess(authorizer, request.call().user());
    String type = mutating ? "admit" : "validate";
    Given given = new Given(incoming, form, null, null, access);
    return switch (hook.conditions()
        .match(given, new Asking(log.metrics(), "webhook", hook.name(), type))) {
      case Match.Yes() -> true;
      case Match.No() -> {
        log.metrics().excluded(hook.name(), request.operation().name(), type);
        yield false;
      }
      case Match.Unknown(String error) ->
          throw ApiException.forbidden(request.served().groupResource(), request.name(), error);
    };
  }

  /// What a webhook will be sent; null if it can't be asked, as a dry run must change nothing.
  @Nullable Review review(Hook hook, Incoming incoming, Form form) {
    return incoming.request().call().dryRun() && !hook.isHarmlessOnDryRun()
        ? null
        : Review.of(incoming, form, hook.reviewVersion(), ObjectNames.uid(world.random()));
  }

  /// Sends it. Can be called by any thread.
  Reply ask(Hook hook, @Nullable Review review, Admission.Operation operation) {
    return ask(hook, review, operation, false, verdict -> verdict);
  }

  /// Sends it to a webhook that may change the object.
  ///
  /// @param then does what the webhook wants, which counts as a part of its answer
  Reply askForChanges(
      Hook hook,
      @Nullable Review review,
      Admission.Operation operation,
      UnaryOperator<Reply.Verdict> then) {
    return ask(hook, review, operation, true, then);
  }

  private Reply ask(
      Hook hook,
      @Nullable Review review,
      Admission.Operation operation,
      boolean mutating,
      UnaryOperator<Reply.Verdict> then) {
    long begun = log.begin();
    Reply answer = answer(hook, review, mutating);
    Reply reply = new Reply(then.apply(answer.verdict()), answer.warnings(), answer.annotations());
    log.end(hook, mutating, operation.name(), reply.verdict(), begun);
    return reply;
  }

  private Reply answer(Hook hook, @Nullable Review review, boolean mutating) {
    if (review == null) {
      return Reply.unusable(
          ApiException.badRequest(
              "admission webhook \"" + hook.name() + "\" does not support dry run"));
    }
    if (review.version().isEmpty()) {
      return Reply.failed(
          "could not create admission objects: webhook does not accept known AdmissionReview"
              + " versions (v1, v1beta1)",
          ApiException.badRequest("").code());
    }
    try {
      return review.read(
          hook.name(),
          webhooks.call(hook.spec().struct("clientConfig"), review.tree(), hook.limit()),
          mutating);
    } catch (WebhookException e) {
      return Reply.failed("failed to call webhook: " + e.getMessage(), e.code());
    }
  }

  /// The world's monotonic clock.
  long nanoTime() {
    return log.begin();
  }

  /// Passes on what a webhook says beside its verdict.
  static void note(Call call, Hook hook, Reply reply) {
    reply.warnings().forEach(call::warnUnlessEmpty);
    reply
        .annotations()
        .forEach((key, value) -> call.annotate(hook.name() + "/" + key, String.valueOf(value)));
  }

  /// The refusal of a request that a webhook could not be asked about.
  static ApiException failure(Hook hook, String reason) {
    return ApiException.internal("failed calling webhook \"" + hook.name() + "\": " + reason);
  }
}
