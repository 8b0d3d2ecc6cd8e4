package dev.tiphys.apiserver.kinds;

import dev.tiphys.apiserver.endpoints.Decoding;
import dev.tiphys.apiserver.endpoints.FieldValidation;
import dev.tiphys.apiserver.endpoints.Patch;
import dev.tiphys.apiserver.endpoints.Patches;
import dev.tiphys.apiserver.endpoints.Subresource;
import dev.tiphys.apiserver.endpoints.Target;
import dev.tiphys.apiserver.fieldmanagement.ScaleFields;
import dev.tiphys.apiserver.registry.Change;
import dev.tiphys.apiserver.registry.Invalid;
import dev.tiphys.apiserver.registry.Precondition;
import dev.tiphys.apiserver.registry.Registry;
import dev.tiphys.apiserver.registry.Stored;
import dev.tiphys.apiserver.registry.Updated;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.selector.LabelSelector;
import dev.tiphys.schema.GroupKind;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.schema.Resource;
import dev.tiphys.schema.Type;
import dev.tiphys.schema.TypeTable;
import dev.tiphys.schema.validation.FieldError;
import dev.tiphys.schema.validation.FieldErrors;
import java.util.List;

/// `scale`: how many replicas a workload has and is to have, in the same form for all of them.
public final class ScaleSubresource implements Subresource {

  private static final GroupVersion VERSION = new GroupVersion("autoscaling", "v1");
  private static final Type TYPE = TypeTable.BUILT_IN.type("io.k8s.api.autoscaling.v1.Scale");
  private static final List<String> REPLICAS = List.of("spec", "replicas");

  @Override
  public Struct read(Call call, Target target) {
    Stored found = target.endpoint().registry().find(target.namespace(), target.name());
    if (found == null) {
      throw notFound(target.endpoint().served(), target.name());
    }
    return scale(found.object());
  }

  private static ApiException notFound(Resource served, String name) {
    String group = served.group().isEmpty() ? VERSION.group() : served.group();
    return ApiException.notFound(served.plural() + "/scale." + group, name);
  }

  @Override
  public Struct decode(Call call, Target target, Struct tree, FieldValidation.Findings findings) {
    return Decoding.ofKind(call, tree, VERSION, "Scale", TYPE, findings);
  }

  @Override
  public Struct update(Call call, Target target, Change change) {
    Registry registry = target.endpoint().registry();
    Updated updated =
        registry.update(
            call,
            target.namespace(),
            target.name(),
            old -> {
              if (old.isEmpty()) {
                throw ApiException.notFound(
                    target.endpoint().served().groupResource(), target.name());
              }
              ScaleFields fields = fields(target);
              Struct wanted = change.apply(fields.shown(scale(old), old));
              checkUid(target, wanted, old);
              check(target.name(), wanted);
              Struct scaled = old.withAt(wanted.integer("spec", "replicas"), "spec", "replicas");
              return withVersionOf(fields.taken(scaled, wanted), wanted);
            });
    return scale(updated.state().object());
  }

  private static ScaleFields fields(Target target) {
    GroupVersion own = target.endpoint().served().groupVersion();
    return new ScaleFields(
        own.toString(),
        apiVersion -> GroupVersion.parse(apiVersion).group().equals(own.group()) ? REPLICAS : null);
  }

  private static void check(String name, Struct scale) {
    long replicas = scale.integer("spec", "replicas");
    if (replicas < 0) {
      FieldErrors errors = new FieldErrors();
      errors.add(
          new FieldError(
              FieldError.Type.INVALID,
              "spec.replicas",
              Long.toString(replicas),
              "must be greater than or equal to 0"));
      throw Invalid.refusal(new GroupKind("autoscaling", "Scale"), name, errors);
    }
  }

  private static void checkUid(Target target, Struct scale, Struct object) {
    String uid = scale.string("metadata", "uid");
    if (!uid.isEmpty() && !uid.equals(object.string("metadata", "uid"))) {
      Resource served = target.endpoint().served();
      throw ApiException.conflict(
          served.groupResource(),
          target.name(),
          Precondition.uid(
              "/" + served.plural() + "/" + target.namespace() + "/" + target.name(),
              uid,
              object.string("metadata", "uid")));
    }
  }

  private static Struct withVersionOf(Struct object, Struct scale) {
    return object.withAt(
        scale.string("metadata", "resourceVersion"), "metadata", "resourceVersion");
  }

  @Override
  public Struct patched(Call call, Target target, Struct shown, Patch patch) {
    return Patches.unversioned(Patches.apply(call, shown, patch, VERSION, "Scale", TYPE), shown);
  }

  private static Struct scale(Struct object) {
    Struct metadata = object.struct("metadata");
    Struct shown =
        new StructBuilder()
            .addUnlessEmpty("name", metadata.string("name"))
            .addUnlessEmpty("namespace", metadata.string("namespace"))
            .addUnlessEmpty("uid", metadata.string("uid"))
            .addUnlessEmpty("resourceVersion", metadata.string("resourceVersion"))
            .addUnlessEmpty("creationTimestamp", metadata.string("creationTimestamp"))
            .build();
    Struct spec =
        object.integer("spec", "replicas") == 0
            ? Struct.EMPTY
            : Struct.of("replicas", object.integer("spec", "replicas"));
    Struct status =
        new StructBuilder()
            .add("replicas", object.integer("status", "replicas"))
            .addUnlessEmpty("selector", selector(object.struct("spec", "selector")))
            .build();
    return new StructBuilder()
        .add("kind", "Scale")
        .add("apiVersion", VERSION.toString())
        .add("metadata", shown)
        .add("spec", spec)
        .add("status", status)
        .build();
  }

  /// The selector as a query: that of a ReplicationController is a plain map of labels.
  private static String selector(Struct selector) {
    boolean plain = !selector.has("matchLabels") && !selector.has("matchExpressions");
    return (plain ? LabelSelector.ofLabels(selector) : LabelSelector.from(selector)).toString();
  }
}
