package dev.tiphys.apiserver.admission.webhook;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.apiserver.admission.Forms;
import dev.tiphys.apiserver.admission.Lookup;
import dev.tiphys.apiserver.admission.matching.Incoming;
import dev.tiphys.apiserver.admission.matching.Matcher;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.schema.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Reports webhooks that guard what their own backend needs to start, and fail closed: once the
/// backend is gone, it can't come back. The writer is warned, and there is an event. Nothing is
/// refused, since upstream takes such webhooks.
final class SelfGuard implements Admission {

  private static final String GROUP = "admissionregistration.k8s.io";

  /// What a backend comes back by.
  private static final List<Kind> NEEDED =
      List.of(
          new Kind("", "v1", "Pod"),
          new Kind("apps", "v1", "ReplicaSet"),
          new Kind("apps", "v1", "Deployment"),
          new Kind("discovery.k8s.io", "v1", "EndpointSlice"));

  private final Lookup lookup;
  private final Forms forms;
  private final Supplier<EventRecorder> events;

  private record Kind(String group, String version, String name) {}

  SelfGuard(Lookup lookup, Forms forms, Supplier<EventRecorder> events) {
    this.lookup = lookup;
    this.forms = forms;
    this.events = events;
  }

  @Override
  public void validate(Request request, Struct object, @Nullable Struct old) {
    boolean writes =
        request.operation() == Operation.CREATE || request.operation() == Operation.UPDATE;
    if (!writes
        || !(request.isOn(GROUP, "mutatingwebhookconfigurations")
            || request.isOn(GROUP, "validatingwebhookconfigurations"))) {
      return;
    }
    for (Struct webhook : object.structs("webhooks")) {
      String report = report(request, webhook);
      if (!report.isEmpty()) {
        request.call().warn(report);
        if (!request.call().dryRun()) {
          events.get().warning(object, "WebhookGuardsItself", report);
        }
      }
    }
  }

  private String report(Request request, Struct webhook) {
    Struct service = webhook.struct("clientConfig", "service");
    if (service.isEmpty() || webhook.string("failurePolicy").equals("Ignore")) {
      return "";
    }
    String namespace = service.string("namespace");
    String name = service.string("name");
    Struct found = lookup.find("", "services", namespace, name);
    Struct labels = found == null ? Struct.EMPTY : found.struct("spec", "selector");
    Struct part = Struct.of("metadata", Struct.of("namespace", namespace, "labels", labels));
    List<String> guarded = new ArrayList<>();
    for (Kind kind : NEEDED) {
      Resource resource = forms.ofKind(new GroupVersion(kind.group, kind.version), kind.name);
      if (resource != null && guards(request, webhook, resource, namespace, part)) {
        guarded.add(resource.groupResource());
      }
    }
    return guarded.isEmpty()
        ? ""
        : "webhook \""
            + webhook.string("name")
            + "\" guards what its own backend needs to start: "
            + String.join(", ", guarded)
            + " in namespace \""
            + namespace
            + "\", where its service \""
            + name
            + "\" is; leave that namespace out by a namespaceSelector, or nothing can be made there"
            + " while the backend is gone";
  }

  private boolean guards(
      Request request, Struct webhook, Resource resource, String namespace, Struct part) {
    Request creation = new Request(request.call(), Operation.CREATE, resource, "", namespace, "");
    try {
      return Matcher.ofWebhook(webhook).match(new Incoming(creation, part, null, lookup, forms))
          != null;
    } catch (ApiException e) {
      return false; // there is no such namespace yet, and so no labels that could leave it out
    }
  }
}
