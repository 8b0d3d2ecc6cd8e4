package dev.tiphys.apiserver.kinds;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.apiserver.catalog.Endpoint;
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
import dev.tiphys.apiserver.registry.Updated;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.apiserver.storage.Stored;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.selector.LabelSelector;
import dev.tiphys.schema.GroupKind;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.schema.Resource;
import dev.tiphys.schema.Type;
import dev.tiphys.schema.TypeTable;
import dev.tiphys.schema.structural.StructuralSchema;
import dev.tiphys.schema.validation.FieldError;
import dev.tiphys.schema.validation.FieldErrors;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// `scale`: how many replicas a workload has and is to have, in the same form for all of them.
public final class ScaleSubresource implements Subresource {

  private static final GroupVersion VERSION = new GroupVersion("autoscaling", "v1");
  private static final Type TYPE = TypeTable.BUILT_IN.type("io.k8s.api.autoscaling.v1.Scale");

  private final BiFunction<GroupVersion, String, @Nullable Endpoint> endpoints;

  /// @param endpoints finds a resource by its version and plural; null if it is not served
  public ScaleSubresource(BiFunction<GroupVersion, String, @Nullable Endpoint> endpoints) {
    this.endpoints = endpoints;
  }

  @Override
  public Struct read(Call call, Target target) {
    Stored found = target.endpoint().registry().find(target.namespace(), target.name());
    if (found == null) {
      throw notFound(target.endpoint().served(), target.name());
    }
    Struct object = target.endpoint().present(found);
    Resource.Scale paths = paths(target);
    if (isCustom(target) && object.get(path(paths.wanted())) == null) {
      throw ApiException.internal(
          "the spec replicas field " + quoted(paths.wanted()) + " does not exist");
    }
    return scale(object, paths);
  }

  private static Resource.Scale paths(Target target) {
    return Objects.requireNonNull(target.endpoint().served().scale());
  }

  private static boolean isCustom(Target target) {
    return switch (target.endpoint().served().schema()) {
      case Type _ -> false;
      case StructuralSchema _ -> true;
    };
  }

  private static String[] path(String dotted) {
    return dotted.split("\\.");
  }

  private static String quoted(String dotted) {
    return "\"." + dotted + "\"";
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
    Endpoint endpoint = target.endpoint();
    Resource.Scale paths = paths(target);
    Updated updated =
        endpoint.update(
            call.admitted(),
            target.namespace(),
            target.name(),
            Change.unconditional(old -> scaled(call, target, old, change, paths)));
    return scale(endpoint.present(updated.state()), paths);
  }

  /// What `change` makes of an object in the stored version. Admission looks at the scale alone.
  private Struct scaled(Call call, Target target, Struct old, Change change, Resource.Scale paths) {
    Endpoint endpoint = target.endpoint();
    if (old.isEmpty()) {
      throw ApiException.notFound(endpoint.served().groupResource(), target.name());
    }
    Struct object = endpoint.conversion().toServed(old);
    ScaleFields fields = fields(target);
    Struct shown = fields.shown(scale(object, paths), object);
    Admission.Request request = target.admission(call, Admission.Operation.UPDATE);
    Admission admission = endpoint.registry().admission(call);
    Struct wanted = admission.mutate(request, change.apply(shown), shown);
    checkUid(target, wanted, old);
    check(target.name(), wanted);
    admission.validate(request, wanted, shown);
    Struct scaled = fields.taken(withReplicas(target, object, wanted, paths.wanted()), wanted);
    return endpoint.conversion().toStored(withVersionOf(scaled, wanted));
  }

  private static Struct withReplicas(Target target, Struct object, Struct scale, String wanted) {
    boolean given = scale.has("spec", "replicas") || object.get(path(wanted)) != null;
    if (isCustom(target) && !given) {
      throw ApiException.badRequest(
          "the spec replicas field " + quoted(wanted) + " cannot be empty");
    }
    return object.withAt(scale.integer("spec", "replicas"), path(wanted));
  }

  private ScaleFields fields(Target target) {
    Resource served = target.endpoint().served();
    return new ScaleFields(
        served.groupVersion().toString(), apiVersion -> replicas(apiVersion, served.plural()));
  }

  /// Where a version of a resource has its replicas; empty if nowhere, null if it is not served.
  private @Nullable List<String> replicas(String apiVersion, String plural) {
    Endpoint endpoint = endpoints.apply(GroupVersion.parse(apiVersion), plural);
    if (endpoint == null) {
      return null;
    }
    Resource.Scale scale = endpoint.served().scale();
    return scale == null ? List.of() : List.of(path(scale.wanted()));
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

  private static Struct scale(Struct object, Resource.Scale paths) {
    Struct metadata = object.struct("metadata");
    Struct shown =
        new StructBuilder()
            .addUnlessEmpty("name", metadata.string("name"))
            .addUnlessEmpty("namespace", metadata.string("namespace"))
            .addUnlessEmpty("uid", metadata.string("uid"))
            .addUnlessEmpty("resourceVersion", metadata.string("resourceVersion"))
            .addUnlessEmpty("creationTimestamp", metadata.string("creationTimestamp"))
            .build();
    long wanted = object.integer(path(paths.wanted()));
    Struct spec = wanted == 0 ? Struct.EMPTY : Struct.of("replicas", wanted);
    Struct status =
        new StructBuilder()
            .add("replicas", object.integer(path(paths.present())))
            .addUnlessEmpty("selector", selector(object, paths.selector()))
            .build();
    return new StructBuilder()
        .add("kind", "Scale")
        .add("apiVersion", VERSION.toString())
        .add("metadata", shown)
        .add("spec", spec)
        .add("status", status)
        .build();
  }

  private static String selector(Struct object, String path) {
    return switch (path.isEmpty() ? null : object.get(path(path))) {
      case String text -> text;
      case Struct selector -> selector(selector);
      case null, default -> "";
    };
  }

  /// The selector as a query: that of a ReplicationController is a plain map of labels.
  private static String selector(Struct selector) {
    boolean plain = !selector.has("matchLabels") && !selector.has("matchExpressions");
    return (plain ? LabelSelector.ofLabels(selector) : LabelSelector.from(selector)).toString();
  }
}
