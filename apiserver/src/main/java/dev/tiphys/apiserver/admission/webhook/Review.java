package dev.tiphys.apiserver.admission.webhook;

import dev.tiphys.apiserver.admission.matching.Form;
import dev.tiphys.apiserver.admission.matching.Incoming;
import dev.tiphys.apiserver.admission.webhook.Reply.Allowed;
import dev.tiphys.apiserver.admission.webhook.Reply.Denied;
import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.schema.GroupVersion;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An `AdmissionReview`: the question that a webhook is sent, and its answer. See
/// <https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/>.
///
/// @param version of the review: `v1` or `v1beta1`
/// @param uid that the answer repeats
/// @param tree as it is sent
record Review(String version, String uid, Struct tree) {

  private static final String GROUP = "admission.k8s.io/";
  private static final int BAD_REQUEST = 400;
  private static final int UNAVAILABLE = 503;
  private static final String KIND = "AdmissionReview";

  /// @param form the version in which the webhook sees the request
  static Review of(Incoming incoming, Form form, String version, String uid) {
    Struct request =
        new StructBuilder()
            .add("uid", uid)
            .addAll(incoming.told(form).build())
            .add("object", orNull(incoming.object(form)))
            .add("oldObject", orNull(incoming.old(form)))
            .addAll(incoming.toldAfter().build())
            .build();
    return new Review(
        version, uid, Struct.of("kind", KIND, "apiVersion", GROUP + version, "request", request));
  }

  private static Object orNull(@Nullable Struct object) {
    return object == null ? Null.NULL : object;
  }

  /// @param hook the webhook's name
  /// @param mutating whether it may change the object
  Reply read(String hook, Struct answer, boolean mutating) {
    if (!answer.has("response")) {
      return invalid("webhook response was absent");
    }
    Struct response = answer.struct("response");
    String problem = version.equals("v1") ? problem(answer, response, mutating) : "";
    if (!problem.isEmpty()) {
      return invalid(problem);
    }
    String type = response.string("patchType");
    if (mutating && version.equals("v1") && !type.isEmpty() && !type.equals("JSONPatch")) {
      return Reply.failed("unsupported patch type \"" + type + "\"", BAD_REQUEST);
    }
    Reply.Verdict verdict;
    try {
      verdict =
          response.bool("allowed")
              ? new Allowed(mutating ? patch(response) : null)
              : new Denied(refusal(hook, response.struct("status")));
    } catch (EncodingException | IllegalArgumentException e) {
      verdict =
          new Reply.Failed(
              "received undecodable patch in webhook response: " + e.getMessage(), UNAVAILABLE);
    }
    return new Reply(verdict, response.strings("warnings"), response.struct("auditAnnotations"));
  }

  private static Reply invalid(String problem) {
    return Reply.failed("received invalid webhook response: " + problem, UNAVAILABLE);
  }

  private String problem(Struct answer, Struct response, boolean mutating) {
    String given = response.string("uid");
    if (!given.equals(uid)) {
      return "expected response.uid=\"" + uid + "\", got \"" + given + "\"";
    }
    String apiVersion = answer.string("apiVersion");
    if (!apiVersion.equals(GROUP + version) || !answer.string("kind").equals(KIND)) {
      GroupVersion found = GroupVersion.parse(apiVersion);
      return "expected webhook response of "
          + GROUP
          + version
          + ", Kind="
          + KIND
          + ", got "
          + found.group()
          + "/"
          + found.version()
          + ", Kind="
          + answer.string("kind");
    }
    boolean patch = !response.string("patch").isEmpty();
    boolean type = response.has("patchType");
    if (!mutating) {
      return patch
          ? "validating webhook may not return response.patch"
          : type ? "validating webhook may not return response.patchType" : "";
    }
    if (patch && !type) {
      return "webhook returned response.patch but not response.patchType";
    }
    if (!patch && type) {
      return "webhook returned response.patchType but not response.patch";
    }
    return type && response.string("patchType").isEmpty()
        ? "webhook returned invalid response.patchType of \"\""
        : "";
  }

  private static @Nullable List<?> patch(Struct response) {
    String encoded = response.string("patch");
    if (encoded.isEmpty()) {
      return null;
    }
    Object patch = Json.parse(Base64.getDecoder().decode(encoded));
    if (!(patch instanceof List<?> operations)) {
      throw new IllegalArgumentException("json: cannot unmarshal object into a list of operations");
    }
    return operations.isEmpty() ? null : operations;
  }

  /// The refusal that a Status of the webhook tells of. It has at least the code of a bad request.
  private static ApiException refusal(String hook, Struct told) {
    String deniedBy = "admission webhook \"" + hook + "\" denied the request";
    String said = told.string("message").isEmpty() ? told.string("reason") : told.string("message");
    long code = Math.max(told.integer("code"), ApiException.badRequest("").code());
    String status = told.string("status");
    Struct whole =
        new StructBuilder()
            .add("kind", "Status")
            .add("apiVersion", "v1")
            .add("metadata", told.struct("metadata"))
            .add("status", status.isEmpty() || status.equals("Success") ? "Failure" : status)
            .add(
                "message",
                said.isEmpty() ? deniedBy + " without explanation" : deniedBy + ": " + said)
            .addUnlessEmpty("reason", told.string("reason"))
            .addUnlessEmpty("details", told.struct("details"))
            .add("code", code)
            .build();
    return ApiException.from(whole, (int) code);
  }
}
