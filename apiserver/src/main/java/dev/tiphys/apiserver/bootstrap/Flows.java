package dev.tiphys.apiserver.bootstrap;

import dev.tiphys.apiserver.fairness.FlowDefaults;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.ListOptions;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.schema.TypeTable;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Keeps the flow schemas and priority levels that every cluster has. What is mandatory is always
/// brought back to what it must be; what is suggested only as long as nobody has made it another.
final class Flows {

  private static final GroupVersion GROUP = new GroupVersion("flowcontrol.apiserver.k8s.io", "v1");
  private static final ApiResource SCHEMAS =
      new ApiResource(GROUP, "flowschemas", "FlowSchema", false);
  private static final ApiResource LEVELS =
      new ApiResource(GROUP, "prioritylevelconfigurations", "PriorityLevelConfiguration", false);
  private static final String AUTO_UPDATE = "apf.kubernetes.io/autoupdate-spec";

  private final Api api;

  /// @param api for the manager that the fields of these objects belong to
  Flows(Api api) {
    this.api = api;
  }

  void ensure() {
    ensure(LEVELS, FlowDefaults.mandatoryLevels(), FlowDefaults.suggestedLevels());
    ensure(SCHEMAS, FlowDefaults.mandatorySchemas(), FlowDefaults.suggestedSchemas());
  }

  private void ensure(ApiResource resource, List<Struct> mandatory, List<Struct> suggested) {
    mandatory.forEach(each -> ensure(resource, each, true));
    suggested.forEach(each -> ensure(resource, each, false));
    Set<String> names = new HashSet<>();
    mandatory.forEach(each -> names.add(each.string("metadata", "name")));
    suggested.forEach(each -> names.add(each.string("metadata", "name")));
    for (Struct present : api.list(resource, "", ListOptions.ALL).items()) {
      String name = present.string("metadata", "name");
      boolean ours = present.string("metadata", "annotations", AUTO_UPDATE).equals("true");
      if (ours && !names.contains(name)) {
        passing(() -> api.delete(resource, "", name, DeleteOptions.DEFAULT));
      }
    }
  }

  private void ensure(ApiResource resource, Struct wanted, boolean mandatory) {
    Struct present = api.find(resource, "", wanted.string("metadata", "name"));
    if (present == null) {
      passing(() -> api.create(resource, wanted));
      return;
    }
    boolean update = mandatory || isOurs(present);
    Struct next = present.withAt(Boolean.toString(update), "metadata", "annotations", AUTO_UPDATE);
    if (update && !spec(resource, present).equals(spec(resource, wanted))) {
      next = next.with("spec", wanted.struct("spec"));
    }
    if (!next.equals(present)) {
      Struct changed = next;
      passing(() -> api.update(resource, changed));
    }
  }

  /// Whether nobody has said that the object is to stay as it is, nor changed what it says.
  private static boolean isOurs(Struct present) {
    return switch (present.string("metadata", "annotations", AUTO_UPDATE)) {
      case "true", "1", "t", "T", "TRUE", "True" -> true;
      case "false", "0", "f", "F", "FALSE", "False" -> false;
      default -> present.integer("metadata", "generation") == 1;
    };
  }

  private static Struct spec(ApiResource resource, Struct object) {
    return TypeTable.BUILT_IN
        .type("io.k8s.api.flowcontrol.v1." + resource.kind() + "Spec")
        .normalize(object.struct("spec"), _ -> {});
  }

  /// Something that another server may have done, or made needless, meanwhile.
  private static void passing(Runnable write) {
    try {
      write.run();
    } catch (ApiException e) {
      if (!e.is(Reason.ALREADY_EXISTS, Reason.CONFLICT, Reason.NOT_FOUND)) {
        throw e;
      }
    }
  }
}
