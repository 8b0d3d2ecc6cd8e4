package dev.tiphys.apiserver.admission.webhook;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Has parts of this process refuse what they could not work with, in the words and with the status
/// that a validating webhook of theirs would.
///
/// Threads: any.
public final class LocalReviews {

  private final List<Review> reviews = new CopyOnWriteArrayList<>();

  private record Review(
      String name,
      String group,
      String plural,
      Function<Struct, String> refusal,
      Function<Struct, List<String>> warnings) {}

  /// @param name under which it is refused, as that of a webhook
  /// @param refusal says why an object can't be as it is; empty if it can
  /// @param warnings what the writer is told of an object that is taken
  public void add(
      String name,
      String group,
      String plural,
      Function<Struct, String> refusal,
      Function<Struct, List<String>> warnings) {
    reviews.add(new Review(name, group, plural, refusal, warnings));
  }

  /// Webhooks, and these behind them.
  public Admission behind(Admission webhooks) {
    return new Admission() {
      @Override
      public void validate(Request request, Struct object, @Nullable Struct old) {
        webhooks.validate(request, object, old);
        review(request, object);
      }
    };
  }

  private void review(Admission.Request request, Struct object) {
    boolean writes =
        request.operation() == Admission.Operation.CREATE
            || request.operation() == Admission.Operation.UPDATE;
    for (Review each : reviews) {
      if (writes && request.isOn(each.group, each.plural)) {
        String refusal = each.refusal.apply(object);
        if (!refusal.isEmpty()) {
          throw ApiException.badRequest(
              "admission webhook \"%s\" denied the request: %s".formatted(each.name, refusal));
        }
        each.warnings.apply(object).forEach(request.call()::warn);
      }
    }
  }
}
