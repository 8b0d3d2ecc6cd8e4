package dev.tiphys.controllers.certificates;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.controllers.common.ClusterView;
import dev.tiphys.controllers.common.Component;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.pki.SigningRequest;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.world.World;
import java.util.ArrayList;
import java.util.List;

/// Approves the client certificates of kubelets: those that a node asks for itself, and those that
/// users with the right to join nodes ask for. And those of the parts of a node's network, which
/// the node asks for; these upstream does not have. Whether they have the right is asked with an
/// access review.
public final class ApprovalController implements Component {

  private static final ApiResource REVIEWS =
      new ApiResource(
          GroupVersion.parse("authorization.k8s.io/v1"),
          "subjectaccessreviews",
          "SubjectAccessReview",
          false);

  private final Api api;
  private final Informer requests;
  private final Controller controller;

  public ApprovalController(World world, Api api, ClusterView cluster, int workers) {
    this.api = api;
    this.requests = cluster.of(Requests.RESOURCE);
    this.controller =
        new Controller("csrapproving", world, workers, Requests.RETRIES, this::reconcile);
    requests.listen(Informer.Listener.ofAll(controller::enqueue));
  }

  @Override
  public void start() {
    controller.start();
  }

  private Outcome reconcile(ObjectKey key) {
    Struct request = requests.find("", key.name());
    if (request == null
        || Requests.isIssued(request)
        || Requests.is(request, "Approved")
        || Requests.is(request, "Denied")) {
      return Outcome.DONE;
    }
    return switch (request.string("spec", "signerName")) {
      case Requests.KUBELET_CLIENT -> judgeNode(request);
      case Requests.CLIENT -> judgeNetwork(request);
      default -> Outcome.DONE;
    };
  }

  private Outcome judgeNetwork(Struct request) {
    if (NetworkRules.isOfNode(request) && may(request, "nodenetwork")) {
      approve(
          request,
          "Auto approving client certificate of a node's network after SubjectAccessReview.");
    }
    return Outcome.DONE;
  }

  private Outcome judgeNode(Struct request) {
    SigningRequest content;
    try {
      content = Requests.content(request);
    } catch (IllegalArgumentException e) {
      return Outcome.DONE; // it stays as it is, for an administrator to look at
    }
    if (KubeletRules.clientFault(content, request.strings("spec", "usages")) != null) {
      return Outcome.DONE;
    }
    boolean self = request.string("spec", "username").equals(content.commonName());
    if (self && may(request, "selfnodeclient")) {
      approve(request, "Auto approving self kubelet client certificate after SubjectAccessReview.");
      return Outcome.DONE;
    }
    if (may(request, "nodeclient")) {
      approve(request, "Auto approving kubelet client certificate after SubjectAccessReview.");
      return Outcome.DONE;
    }
    return Outcome.RETRY; // the right may be given later
  }

  private boolean may(Struct request, String part) {
    Struct spec = request.struct("spec");
    Struct attributes =
        new StructBuilder()
            .add("group", "certificates.k8s.io")
            .add("resource", "certificatesigningrequests")
            .add("verb", "create")
            .add("subresource", part)
            .add("version", "*")
            .build();
    StructBuilder question =
        new StructBuilder()
            .add("user", spec.string("username"))
            .addUnlessEmpty("uid", spec.string("uid"))
            .addUnlessEmpty("groups", spec.strings("groups"))
            .addUnlessEmpty("extra", spec.struct("extra"))
            .add("resourceAttributes", attributes);
    return api.create(REVIEWS, Struct.of("spec", question.build()))
        .struct("status")
        .bool("allowed");
  }

  private void approve(Struct request, String message) {
    List<Object> conditions = new ArrayList<>(request.list("status", "conditions"));
    conditions.add(
        new StructBuilder()
            .add("type", "Approved")
            .add("status", "True")
            .add("reason", "AutoApproved")
            .add("message", message)
            .build());
    api.update(
        Requests.RESOURCE,
        request.withAt(List.copyOf(conditions), "status", "conditions"),
        "approval");
  }

  @Override
  public void close() {
    controller.close();
  }
}
