package dev.tiphys.apiserver.admission.webhook;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.apiserver.admission.Forms;
import dev.tiphys.apiserver.admission.Lookup;
import dev.tiphys.apiserver.admission.matching.Exempt;
import dev.tiphys.apiserver.admission.matching.Form;
import dev.tiphys.apiserver.admission.matching.Incoming;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.apiserver.request.Latencies.Layer;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.world.Task;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Has webhooks refuse requests; all that are meant are asked at once. Upstream's plugin
/// ValidatingAdmissionWebhook.
final class ValidatingWebhooks implements Admission {

  private static final String FAILED_OPEN = "failed-open.validating.webhook.admission.k8s.io/";

  private final Hooks hooks;
  private final Caller caller;
  private final Lookup lookup;
  private final Forms forms;

  ValidatingWebhooks(Hooks hooks, Caller caller, Lookup lookup, Forms forms) {
    this.hooks = hooks;
    this.caller = caller;
    this.lookup = lookup;
    this.forms = forms;
  }

  /// A webhook that is asked.
  private static final class Asked {
    private final Hook hook;
    private final @Nullable Review review;
    private @Nullable Reply reply; // written before its task ends

    Asked(Hook hook, @Nullable Review review) {
      this.hook = hook;
      this.review = review;
    }
  }

  @Override
  public void validate(Request request, Struct object, @Nullable Struct old) {
    List<Hook> all = hooks.current();
    if (all.isEmpty() || Exempt.isConfiguration(request.resource())) {
      return;
    }
    Incoming incoming = new Incoming(request, object, old, lookup, forms);
    List<Asked> asked = new ArrayList<>();
    for (Hook hook : all) {
      Form form = caller.form(hook, incoming, false);
      if (form != null) {
        asked.add(new Asked(hook, caller.review(hook, incoming, form)));
      }
    }
    if (asked.isEmpty()) {
      return;
    }
    long begun = caller.nanoTime();
    ask(asked, request.operation());
    request.call().waitedFor(Layer.VALIDATING_WEBHOOK, caller.nanoTime() - begun);
    decide(request.call(), asked);
  }

  /// All but the last on threads of their own.
  private void ask(List<Asked> asked, Operation operation) {
    List<Task> tasks = new ArrayList<>();
    for (int i = 0; i < asked.size() - 1; i++) {
      Asked each = asked.get(i);
      tasks.add(caller.world().start("webhook-" + each.hook.name(), () -> ask(each, operation)));
    }
    ask(asked.getLast(), operation);
    try {
      for (Task task : tasks) {
        task.join();
      }
    } catch (InterruptedException e) {
      tasks.forEach(Task::interrupt);
      Thread.currentThread().interrupt();
    }
  }

  private void ask(Asked each, Operation operation) {
    each.reply = caller.ask(each.hook, each.review, operation);
  }

  /// The first refusal counts.
  private static void decide(Call call, List<Asked> asked) {
    ApiException first = null;
    for (int i = 0; i < asked.size(); i++) {
      Asked each = asked.get(i);
      Reply reply = each.reply == null ? Reply.failed("interrupted", 0) : each.reply;
      Caller.note(call, each.hook, reply);
      ApiException refusal =
          switch (reply.verdict()) {
            case Reply.Allowed _ -> null;
            case Reply.Denied(ApiException denial) -> denial;
            case Reply.Unusable(ApiException refused) -> refused;
            case Reply.Failed(String reason, int _) -> {
              if (each.hook.ignoresFailures()) {
                call.annotate(FAILED_OPEN + "round_0_index_" + i, each.hook.name());
                yield null;
              }
              yield Caller.failure(each.hook, reason);
            }
          };
      first = first == null ? refusal : first;
    }
    if (first != null) {
      throw first;
    }
  }
}
