package dev.tiphys.apiserver.admission.node;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.apiserver.admission.Lookup;
import dev.tiphys.apiserver.authorization.Authorizer;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.pki.SigningRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The agent of a node writes what belongs to that node and its Pods, and nothing else: upstream's
/// plugin of the same name. Authorization says which resources an agent may write; here stands
/// which of their objects, and what of those.
public final class NodeRestriction implements Admission {

  private static final Set<String> SIGNERS =
      Set.of("kubernetes.io/kubelet-serving", "kubernetes.io/kube-apiserver-client-kubelet");

  private final Lookup lookup;
  private final OwnPods pods;
  private final BoundTokens tokens;

  /// @param authorizer decides which other audiences an agent may ask for
  public NodeRestriction(Lookup lookup, Authorizer authorizer) {
    this.lookup = lookup;
    this.pods = new OwnPods(lookup);
    this.tokens = new BoundTokens(lookup, authorizer);
  }

  @Override
  public Struct mutate(Request request, Struct object, @Nullable Struct old) {
    UserInfo user = request.call().user();
    if (request.operation() != Operation.CONNECT && user.groups().contains(UserInfo.NODES)) {
      String node = user.node();
      if (!node.isEmpty()) {
        check(request, node, object, old);
      } else if (user.name().startsWith("system:node:")) {
        throw request.forbidden(
            object, "could not determine node from user \"" + user.name() + "\"");
      }
    }
    return object;
  }

  private void check(Request request, String node, Struct object, @Nullable Struct old) {
    switch (request.resource().groupResource()) {
      case "pods" -> pods.check(request, node, object, old);
      case "nodes" -> checkNode(request, node, object, old);
      case "persistentvolumeclaims" -> checkClaim(request, node, object, old);
      case "serviceaccounts" -> tokens.check(request, node, object);
      case "leases.coordination.k8s.io" -> checkLease(request, node, object);
      case "csinodes.storage.k8s.io" -> {
        if (!name(request, object).equals(node)) {
          throw request.forbidden(
              object, "can only access CSINode with the same name as the requesting node");
        }
      }
      case "resourceslices.resource.k8s.io" -> checkSlice(request, node, object, old);
      case "certificatesigningrequests.certificates.k8s.io" -> checkSigning(request, object);
      case "podcertificaterequests.certificates.k8s.io" ->
          new OwnCertificates(lookup).check(request, node, object);
      default -> {} // authorization alone decides
    }
  }

  private static String name(Request request, Struct object) {
    return request.operation() == Operation.CREATE ? Meta.of(object).name() : request.name();
  }

  private static void checkNode(Request request, String node, Struct object, @Nullable Struct old) {
    if (!name(request, object).equals(node)) {
      throw request.forbidden(
          object,
          "node \"%s\" is not allowed to modify node \"%s\""
              .formatted(node, name(request, object)));
    }
    if (request.operation() == Operation.DELETE) {
      return;
    }
    Set<String> labels = NodeLabels.forbidden(object, old);
    if (old == null) {
      if (object.has("spec", "configSource")) {
        throw request.forbidden(
            object,
            "node \"" + node + "\" is not allowed to create pods with a non-nil configSource");
      }
      if (!labels.isEmpty()) {
        throw request.forbidden(
            object,
            "node \"%s\" is not allowed to set the following labels: %s"
                .formatted(node, String.join(", ", labels)));
      }
      return;
    }
    boolean configured =
        object.has("spec", "configSource")
            && !Meta.same(object.get("spec", "configSource"), old.get("spec", "configSource"));
    if (configured) {
      throw request.forbidden(
          object,
          "node \"%s\" is not allowed to update configSource to a new non-nil configSource"
              .formatted(node));
    }
    if (!object.structs("spec", "taints").equals(old.structs("spec", "taints"))) {
      throw request.forbidden(object, "node \"" + node + "\" is not allowed to modify taints");
    }
    if (!Meta.of(object).owners().equals(Meta.of(old).owners())) {
      throw request.forbidden(
          object, "node \"" + node + "\" is not allowed to modify ownerReferences");
    }
    if (!labels.isEmpty()) {
      throw request.forbidden(
          object, "is not allowed to modify labels: " + String.join(", ", labels));
    }
  }

  private static void checkClaim(
      Request request, String node, Struct object, @Nullable Struct old) {
    if (!request.subresource().equals("status")) {
      throw request.forbidden(object, "may only update PVC status");
    }
    if (request.operation() != Operation.UPDATE || old == null) {
      throw unexpected(request, object);
    }
    if (!withoutSizes(object).equals(withoutSizes(old))) {
      throw request.forbidden(
          object,
          "node \"%s\" is not allowed to update fields other than status.capacity and"
                  .formatted(node)
              + " status.conditions");
    }
  }

  private static Struct withoutSizes(Struct claim) {
    Struct rest =
        claim.withoutAt("metadata", "resourceVersion").withoutAt("metadata", "managedFields");
    for (String field :
        Set.of("capacity", "conditions", "allocatedResources", "allocatedResourceStatuses")) {
      rest = rest.withoutAt("status", field);
    }
    return rest.struct("status").isEmpty() ? rest.without("status") : rest;
  }

  static ApiException unexpected(Request request, Struct object) {
    return request.forbidden(object, "unexpected operation \"" + request.operation() + "\"");
  }

  private static void checkLease(Request request, String node, Struct object) {
    if (!request.namespace().equals("kube-node-lease")) {
      throw request.forbidden(
          object, "can only access leases in the \"kube-node-lease\" system namespace");
    }
    if (!name(request, object).equals(node)) {
      throw request.forbidden(
          object, "can only access node lease with the same name as the requesting node");
    }
  }

  /// Updates are left to authorization.
  private static void checkSlice(
      Request request, String node, Struct object, @Nullable Struct old) {
    boolean creates = request.operation() == Operation.CREATE;
    Struct slice = creates ? object : old == null ? Struct.EMPTY : old;
    boolean changes = creates || request.operation() == Operation.DELETE;
    if (changes && !slice.string("spec", "nodeName").equals(node)) {
      throw request.forbidden(
          object,
          "can only %s ResourceSlice with the same NodeName as the requesting node"
              .formatted(creates ? "create" : "delete"));
    }
  }

  private static void checkSigning(Request request, Struct object) {
    boolean bound =
        request.operation() == Operation.CREATE
            && request.subresource().isEmpty()
            && SIGNERS.contains(object.string("spec", "signerName"));
    if (!bound) {
      return;
    }
    String user = request.call().user().name();
    String named;
    try {
      byte[] pem = Base64.getDecoder().decode(object.string("spec", "request"));
      named = SigningRequest.parse(new String(pem, StandardCharsets.UTF_8)).commonName();
    } catch (IllegalArgumentException e) {
      throw request.forbidden(object, "unable to parse csr: " + e.getMessage());
    }
    if (!named.equals(user)) {
      throw request.forbidden(object, "can only create a node CSR with CN=" + user);
    }
  }
}
