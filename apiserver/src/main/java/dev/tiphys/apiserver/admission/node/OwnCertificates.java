package dev.tiphys.apiserver.admission.node;

import dev.tiphys.apiserver.admission.Admission.Operation;
import dev.tiphys.apiserver.admission.Admission.Request;
import dev.tiphys.apiserver.admission.Lookup;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import org.jspecify.annotations.Nullable;

/// Which certificates an agent may ask for in the name of Pods: those of Pods on its node. A uid
/// that does not fit may be one that the agent has not heard of yet, so it may try again.
///
/// @param lookup where Pods and nodes are found
record OwnCertificates(Lookup lookup) {

  void check(Request request, String node, Struct object) {
    if (request.operation() != Operation.CREATE) {
      throw request.forbidden(object, "unexpected operation " + request.operation());
    }
    if (!request.subresource().isEmpty()) {
      throw request.forbidden(object, "unexpected subresource " + request.subresource());
    }
    Struct asked = object.struct("spec");
    if (!asked.string("nodeName").equals(node)) {
      throw request.forbidden(
          object,
          "PodCertificateRequest.Spec.NodeName=\"%s\", which is not the requesting node \"%s\""
              .formatted(asked.string("nodeName"), node));
    }
    String namespace = request.namespace();
    String name = asked.string("podName");
    String shown = "pod \"" + namespace + "/" + name + "\"";
    checkUid(
        found("nodes", "", node),
        asked.string("nodeUID"),
        "PodCertificateRequest for " + shown + " names node UID");
    Struct pod = found("pods", namespace, name);
    checkUid(
        pod, asked.string("podUID"), "PodCertificateRequest for " + shown + " contains pod UID");
    if (!pod.string("spec", "nodeName").equals(node)) {
      throw request.forbidden(
          object,
          shown + " is not running on node \"" + node + "\" named in the PodCertificateRequest");
    }
    if (Meta.of(pod).annotations().get(MirrorPods.ANNOTATION) != null) {
      throw request.forbidden(object, shown + " is a mirror pod");
    }
    String account = asked.string("serviceAccountName");
    String runs = pod.string("spec", "serviceAccountName");
    if (!account.equals(runs)) {
      throw request.forbidden(
          object,
          "PodCertificateRequest for %s contains serviceAccountName (\"%s\") that differs from running pod (\"%s\")"
              .formatted(shown, account, runs));
    }
    checkUid(
        found("serviceaccounts", namespace, account),
        asked.string("serviceAccountUID"),
        "PodCertificateRequest for " + shown + " names service account UID");
  }

  private Struct found(String plural, String namespace, String name) {
    @Nullable Struct found = lookup.find("", plural, namespace, name);
    if (found == null) {
      throw ApiException.notFound(plural, name);
    }
    return found;
  }

  private static void checkUid(Struct object, String uid, String subject) {
    if (!Meta.of(object).uid().equals(uid)) {
      throw ApiException.of(
          Reason.UNKNOWN,
          "%s (\"%s\") which differs from the running one (\"%s\")"
              .formatted(subject, uid, Meta.of(object).uid()));
    }
  }
}
