package dev.tiphys.apiserver.admission.policy;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.apiserver.admission.Forms;
import dev.tiphys.apiserver.admission.Lookup;
import dev.tiphys.apiserver.authorization.Attributes;
import dev.tiphys.apiserver.authorization.Attributes.Subject;
import dev.tiphys.apiserver.authorization.Authorizer;
import dev.tiphys.apiserver.registry.Invalid;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.schema.Resource;
import dev.tiphys.schema.validation.FieldError;
import dev.tiphys.schema.validation.FieldErrors;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Keeps users from reading by way of a policy what they may not read: a policy's parameters can be
/// told by what it refuses.
///
/// @param authorizer what users may do
/// @param lookup where policies are
/// @param forms which kinds there are
record ParamRights(Authorizer authorizer, Lookup lookup, Forms forms) implements Admission {

  private static final String GROUP = "admissionregistration.k8s.io";

  @Override
  public void validate(Request request, Struct object, @Nullable Struct old) {
    boolean writes =
        request.operation() == Operation.CREATE || request.operation() == Operation.UPDATE;
    UserInfo user = request.call().user();
    if (!writes
        || !request.resource().group().equals(GROUP)
        || !request.subresource().isEmpty()
        || user.groups().contains(UserInfo.MASTERS)) {
      return;
    }
    switch (request.resource().plural()) {
      case "validatingadmissionpolicies", "mutatingadmissionpolicies" ->
          policy(request, object, old);
      case "validatingadmissionpolicybindings" ->
          binding(request, object, old, "validatingadmissionpolicies");
      case "mutatingadmissionpolicybindings" ->
          binding(request, object, old, "mutatingadmissionpolicies");
      default -> {} // nothing else has parameters
    }
  }

  private void policy(Request request, Struct object, @Nullable Struct old) {
    Struct kind = object.struct("spec", "paramKind");
    if (kind.isEmpty() || (old != null && kind.equals(old.get("spec", "paramKind")))) {
      return;
    }
    UserInfo user = request.call().user();
    if (!allows(user, "get", kind, "*", "*")) {
      refuse(
          request,
          object,
          "spec.paramKind",
          "user "
              + shown(user)
              + " must have \"get\" permission on all objects of the referenced paramKind (kind="
              + kind.string("kind")
              + ", apiVersion="
              + kind.string("apiVersion")
              + ")");
    }
  }

  private void binding(Request request, Struct object, @Nullable Struct old, String policies) {
    Struct spec = object.struct("spec");
    Struct reference = spec.struct("paramRef");
    boolean same =
        old != null
            && reference.equals(old.get("spec", "paramRef"))
            && Objects.equals(spec.get("policyName"), old.get("spec", "policyName"));
    if (reference.isEmpty() || same) {
      return;
    }
    Struct policy = lookup.find(GROUP, policies, "", spec.string("policyName"));
    Struct kind = policy == null ? Struct.EMPTY : policy.struct("spec", "paramKind");
    String name = reference.string("name");
    String verb = name.isEmpty() ? "list" : "get";
    UserInfo user = request.call().user();
    if (!allows(user, verb, kind, reference.string("namespace"), name)) {
      refuse( // upstream mixes up the two that it tells
          request,
          object,
          "spec.paramRef",
          "user "
              + verb
              + " does not have \""
              + shown(user)
              + "\" permission on the object referenced by paramRef");
    }
  }

  /// @param kind of the parameters; empty if it is not known, which may then be any
  private boolean allows(UserInfo user, String verb, Struct kind, String namespace, String name) {
    String group = "*";
    String version = "*";
    String plural = "*";
    if (!kind.isEmpty()) {
      GroupVersion parsed = GroupVersion.parse(kind.string("apiVersion"));
      group = parsed.group();
      version = parsed.version();
      Resource resource = forms.ofKind(parsed, kind.string("kind"));
      plural = resource == null ? plural : resource.plural();
    }
    return authorizer
        .decide(
            new Attributes(
                user, verb, new Subject.OfResource(group, version, plural, "", namespace, name)))
        .isAllowed();
  }

  private static void refuse(Request request, Struct object, String path, String detail) {
    FieldErrors errors = new FieldErrors();
    errors.add(new FieldError(FieldError.Type.FORBIDDEN, path, null, detail));
    throw Invalid.refusal(
        request.resource().groupKind(), object.string("metadata", "name"), errors);
  }

  /// A user as upstream prints one.
  private static String shown(UserInfo user) {
    StringBuilder extra = new StringBuilder();
    user.extra().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(
            each ->
                extra
                    .append(extra.isEmpty() ? "" : " ")
                    .append(each.getKey())
                    .append(":[")
                    .append(String.join(" ", each.getValue()))
                    .append(']'));
    return "&{"
        + user.name()
        + " "
        + user.uid()
        + " ["
        + String.join(" ", user.groups())
        + "] map["
        + extra
        + "]}";
  }
}
