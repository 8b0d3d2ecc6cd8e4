package dev.tiphys.apiserver.admission.webhook;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.apiserver.admission.AuditNotes;
import dev.tiphys.apiserver.admission.Forms;
import dev.tiphys.apiserver.admission.Lookup;
import dev.tiphys.apiserver.admission.matching.Exempt;
import dev.tiphys.apiserver.admission.matching.Form;
import dev.tiphys.apiserver.admission.matching.Incoming;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.apiserver.request.Latencies.Layer;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
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
  private static final String PATCH = "patch.webhook.admission.k8s.io/";

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
    Change change = new Change(hook, incoming, form, place);
    long begun = caller.nanoTime();
    try {
      Reply reply =
          caller.askForChanges(
              hook,
              caller.review(hook, incoming, form),
              incoming.request().operation(),
              change::made);
      Caller.note(call, hook, reply);
      switch (reply.verdict()) {
        case Reply.Allowed _ -> {}
        case Reply.Denied(ApiException refusal) -> throw refusal;
        case Reply.Unusable(ApiException refusal) -> throw refusal;
        case Reply.Failed(String reason, int _) -> {
          if (!hook.ignoresFailures()) {
            throw Caller.failure(hook, reason);
          }
          call.annotate("failed-open." + AUDIT + place, hook.name());
        }
      }
    } finally {
      call.waitedFor(Layer.MUTATING_WEBHOOK, caller.nanoTime() - begun);
      call.annotate(AUDIT + place, AuditNotes.text(told(hook).with("mutated", change.isMade)));
    }
    return change.isMade;
  }

  /// A webhook, as the audit log names it.
  private static Struct told(Hook hook) {
    return Struct.of("configuration", hook.configuration(), "webhook", hook.name());
  }

  /// What becomes of the patch that a webhook answers with.
  private static final class Change {
    private final Hook hook;
    private final Incoming incoming;
    private final Form form;
    private final String place;
    private boolean isMade;

    Change(Hook hook, Incoming incoming, Form form, String place) {
      this.hook = hook;
      this.incoming = incoming;
      this.form = form;
      this.place = place;
    }

    Reply.Verdict made(Reply.Verdict verdict) {
      if (verdict instanceof Reply.Allowed(var patch) && patch != null) {
        try {
          isMade = applied(hook, incoming, form, patch);
        } catch (ApiException e) {
          return new Reply.Unusable(e);
        }
        Struct note = told(hook).with("patch", patch).with("patchType", "JSONPatch");
        incoming.request().call().annotateContent(PATCH + place, AuditNotes.text(note));
      }
      return verdict;
    }
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
