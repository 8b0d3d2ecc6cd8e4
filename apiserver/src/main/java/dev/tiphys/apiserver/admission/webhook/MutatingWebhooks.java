package dev.tiphys.apiserver.admission.webhook;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.apiserver.admission.Forms;
import dev.tiphys.apiserver.admission.Lookup;
import dev.tiphys.apiserver.admission.matching.Exempt;
import dev.tiphys.apiserver.admission.matching.Form;
import dev.tiphys.apiserver.admission.matching.Incoming;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.object.patch.JsonPatch;
import dev.tiphys.object.patch.PatchException;
import dev.tiphys.schema.DecodingException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Has webhooks change objects, one after the other. Upstream's plugin MutatingAdmissionWebhook.
///
/// Those that want it are asked again if another one, or a plugin, has changed the object since.
///
/// @param hooks all of them
final class MutatingWebhooks implements Admission {

  private static final String AUDIT = "mutation.webhook.admission.k8s.io/";

  private final Hooks hooks;
  private final Caller caller;
  private final Lookup lookup;
  private final Forms forms;

  MutatingWebhooks(Hooks hooks, Caller caller, Lookup lookup, Forms forms) {
    this.hooks = hooks;
    this.caller = caller;
    this.lookup = lookup;
    this.forms = forms;
  }

  /// What is remembered of a request.
  private static final class Asked {
    private final Set<String> eligible = new HashSet<>();
    private final Set<String> again = new HashSet<>();
    private @Nullable Struct left;

    void changed() {
      again.addAll(eligible);
      eligible.clear();
    }
  }

  @Override
  public Struct mutate(Request request, Struct object, @Nullable Struct old) {
    List<Hook> all = hooks.current();
    if (all.isEmpty() || Exempt.isConfiguration(request.resource())) {
      return object;
    }
    Asked asked = request.reinvocation().state(Asked.class, Asked::new);
    boolean second = request.reinvocation().isBegun();
    if (second && !object.equals(asked.left)) {
      asked.changed();
    }
    Incoming incoming = new Incoming(request, object, old, lookup, forms);
    for (int i = 0; i < all.size(); i++) {
      Hook hook = all.get(i);
      if (second && !asked.again.contains(hook.id())) {
        continue;
      }
      Form form = caller.form(hook, incoming, true);
      if (form != null) {
        String place = "round_" + (second ? 1 : 0) + "_index_" + i;
        if (changes(hook, incoming, form, place)) {
          asked.changed();
          request.reinvocation().want();
        }
        if (hook.isReinvoked()) {
          asked.eligible.add(hook.id());
        }
      }
    }
    Struct result = incoming.result();
    asked.left = result;
    return result;
  }

  /// Asks a webhook. Returns whether it has changed the object.
  private boolean changes(Hook hook, Incoming incoming, Form form, String place) {
    Call call = incoming.request().call();
    Reply reply = caller.ask(hook, caller.review(hook, incoming, form), true);
    Caller.note(call, hook, reply);
    boolean changed =
        switch (reply.verdict()) {
          case Reply.Allowed(var patch) -> patch != null && applied(hook, incoming, form, patch);
          case Reply.Denied(ApiException refusal) -> {
            annotate(call, hook, place, false);
            throw refusal;
          }
          case Reply.Failed(String reason) -> {
            if (!hook.ignoresFailures()) {
              annotate(call, hook, place, false);
              throw Caller.failure(hook, reason);
            }
            call.annotate("failed-open." + AUDIT + place, hook.name());
            yield false;
          }
        };
    annotate(call, hook, place, changed);
    return changed;
  }

  private static void annotate(Call call, Hook hook, String place, boolean changed) {
    Struct value =
        Struct.of(
            "configuration", hook.configuration(), "webhook", hook.name(), "mutated", changed);
    call.annotate(AUDIT + place, Json.text(value));
  }

  private static boolean applied(Hook hook, Incoming incoming, Form form, Object patch) {
    Struct object = incoming.object(form);
    if (object == null) {
      throw ApiException.internal(
          "admission webhook \""
              + hook.name()
              + "\" attempted to modify the object, which is not supported for this operation");
    }
    try {
      return incoming.replace((Struct) JsonPatch.apply(object, patch), form);
    } catch (PatchException | DecodingException | ClassCastException e) {
      throw ApiException.internal(String.valueOf(e.getMessage()));
    }
  }
}
