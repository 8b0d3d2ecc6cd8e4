package dev.tiphys.apiserver.admission.node;

import dev.tiphys.apiserver.admission.Admission.Operation;
import dev.tiphys.apiserver.admission.Admission.Request;
import dev.tiphys.apiserver.admission.Lookup;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an agent may do to Pods: to those of its node alone. It makes Pods only to show what runs
/// there without the API's doing.
///
/// @param lookup where Pods and nodes are found
record OwnPods(Lookup lookup) {

  void check(Request request, String node, Struct object, @Nullable Struct old) {
    switch (request.subresource()) {
      case "" -> checkPod(request, node, object, old);
      case "status" -> checkStatus(request, node, object, old);
      case "eviction" -> checkEviction(request, node, object);
      default ->
          throw request.forbidden(
              object,
              "unexpected pod subresource \"%s\", only 'status' and 'eviction' are allowed"
                  .formatted(request.subresource()));
    }
  }

  private void checkPod(Request request, String node, Struct pod, @Nullable Struct old) {
    switch (request.operation()) {
      case CREATE -> checkNew(request, node, pod);
      case DELETE -> {
        if (old != null && !isOn(old, node)) {
          throw request.forbidden(
              pod, "node \"" + node + "\" can only delete pods with spec.nodeName set to itself");
        }
      }
      case UPDATE, CONNECT ->
          throw request.forbidden(
              pod,
              "unexpected operation \"%s\", node \"%s\" can only create and delete mirror pods"
                  .formatted(request.operation(), node));
    }
  }

  private static boolean isOn(Struct pod, String node) {
    return pod.string("spec", "nodeName").equals(node);
  }

  private void checkNew(Request request, String node, Struct pod) {
    if (Meta.of(pod).annotations().get(MirrorPods.ANNOTATION) == null) {
      throw request.forbidden(
          pod,
          "pod does not have \"%s\" annotation, node \"%s\" can only create mirror pods"
              .formatted(MirrorPods.ANNOTATION, node));
    }
    String subject = "node \"" + node + "\" ";
    if (!isOn(pod, node)) {
      throw request.forbidden(
          pod, subject + "can only create pods with spec.nodeName set to itself");
    }
    checkOwner(request, node, pod, subject);
    String reference = MirrorPods.reference(pod);
    if (!reference.isEmpty()) {
      throw request.forbidden(pod, subject + "can not create pods that reference " + reference);
    }
  }

  private void checkOwner(Request request, String node, Struct pod, String subject) {
    List<Struct> owners = Meta.of(pod).owners();
    if (owners.size() > 1) {
      throw request.forbidden(
          pod, subject + "can only create pods with a single owner reference set to itself");
    }
    Struct owner = owners.isEmpty() ? Struct.EMPTY : owners.getFirst();
    boolean isNode =
        owner.string("apiVersion").equals("v1")
            && owner.string("kind").equals("Node")
            && owner.string("name").equals(node);
    if (!isNode) {
      throw request.forbidden(
          pod, subject + "can only create pods with an owner reference set to itself");
    }
    if (!owner.bool("controller")) {
      throw request.forbidden(
          pod, subject + "can only create pods with a controller owner reference set to itself");
    }
    if (owner.bool("blockOwnerDeletion")) {
      throw request.forbidden(
          pod, subject + "must not set blockOwnerDeletion on an owner reference");
    }
    Struct found = lookup.find("", "nodes", "", node);
    if (found == null) {
      throw ApiException.notFound("nodes", node);
    }
    if (!Meta.of(found).uid().equals(owner.string("uid"))) {
      throw request.forbidden(
          pod,
          "node %s UID mismatch: expected %s got %s"
              .formatted(node, Meta.of(found).uid(), owner.string("uid")));
    }
  }

  private static void checkStatus(Request request, String node, Struct pod, @Nullable Struct old) {
    if (request.operation() != Operation.UPDATE || old == null) {
      throw NodeRestriction.unexpected(request, pod);
    }
    String subject = "node \"" + node + "\" ";
    if (!isOn(old, node)) {
      throw request.forbidden(
          pod, subject + "can only update pod status for pods with spec.nodeName set to itself");
    }
    if (!Meta.of(pod).labels().equals(Meta.of(old).labels())) {
      throw request.forbidden(pod, subject + "cannot update labels through pod status");
    }
    if (!pod.structs("status", "resourceClaimStatuses")
        .equals(old.structs("status", "resourceClaimStatuses"))) {
      throw request.forbidden(pod, subject + "cannot update resource claim statues");
    }
    if (!Meta.same(
        pod.get("status", "extendedResourceClaimStatus"),
        old.get("status", "extendedResourceClaimStatus"))) {
      throw request.forbidden(pod, subject + "cannot update extended resource claim status");
    }
  }

  private void checkEviction(Request request, String node, Struct eviction) {
    if (request.operation() != Operation.CREATE) {
      throw request.forbidden(eviction, "unexpected operation " + request.operation());
    }
    Struct pod = lookup.find("", "pods", request.namespace(), request.name());
    if (pod == null) {
      throw ApiException.notFound("pods", request.name());
    }
    if (!isOn(pod, node)) {
      throw request.forbidden(
          eviction, "node " + node + " can only evict pods with spec.nodeName set to itself");
    }
  }
}
