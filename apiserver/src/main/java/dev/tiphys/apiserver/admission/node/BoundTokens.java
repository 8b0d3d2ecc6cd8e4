package dev.tiphys.apiserver.admission.node;

import dev.tiphys.apiserver.admission.Admission.Operation;
import dev.tiphys.apiserver.admission.Admission.Request;
import dev.tiphys.apiserver.admission.Lookup;
import dev.tiphys.apiserver.authorization.Attributes;
import dev.tiphys.apiserver.authorization.Authorizer;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import java.util.List;

/// Which tokens an agent may ask for: those of Pods on its node, for the audiences that these need.
///
/// @param lookup where Pods are found
/// @param authorizer decides on other audiences
record BoundTokens(Lookup lookup, Authorizer authorizer) {

  void check(Request request, String node, Struct token) {
    if (request.operation() != Operation.CREATE || !request.subresource().equals("token")) {
      return;
    }
    Struct bound = token.struct("spec", "boundObjectRef");
    String name = bound.string("name");
    boolean toPod =
        bound.string("apiVersion").equals("v1")
            && bound.string("kind").equals("Pod")
            && !name.isEmpty();
    if (!toPod) {
      throw request.forbidden(token, "node requested token not bound to a pod");
    }
    String uid = bound.string("uid");
    if (uid.isEmpty()) {
      throw request.forbidden(token, "node requested token with a pod binding without a uid");
    }
    Struct pod = lookup.find("", "pods", request.namespace(), name);
    if (pod == null) {
      throw ApiException.notFound("pods", name);
    }
    if (!Meta.of(pod).uid().equals(uid)) {
      throw request.forbidden(
          token,
          "the UID in the bound object reference ("
              + uid
              + ") does not match the UID in record. The object might have been deleted and then"
              + " recreated");
    }
    if (!pod.string("spec", "nodeName").equals(node)) {
      throw request.forbidden(
          token, "node requested token bound to a pod scheduled on a different node");
    }
    checkAudience(request, token, pod);
  }

  private void checkAudience(Request request, Struct token, Struct pod) {
    List<String> audiences = token.strings("spec", "audiences");
    if (audiences.size() > 1) {
      throw request.forbidden(token, "node may only request 0 or 1 audiences");
    }
    String audience = audiences.isEmpty() ? "" : audiences.getFirst();
    UserInfo user = request.call().user();
    if (!new TokenAudiences(lookup).needs(pod, audience) && !mayAsk(request, user, audience)) {
      throw request.forbidden(
          token,
          "audience \"%s\" not found in pod spec volume, %s is not authorized to request tokens for this audience"
              .formatted(audience, user.name()));
    }
  }

  private boolean mayAsk(Request request, UserInfo user, String audience) {
    return authorizer
        .decide(
            new Attributes(
                user,
                "request-serviceaccounts-token-audience",
                new Attributes.Subject.OfResource(
                    "", "", audience, "", request.namespace(), request.name())))
        .isAllowed();
  }
}
