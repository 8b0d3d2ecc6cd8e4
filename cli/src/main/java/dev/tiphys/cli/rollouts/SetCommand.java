package dev.tiphys.cli.rollouts;

import dev.tiphys.cli.machine.CliException;
import dev.tiphys.client.ApiResource;
import dev.tiphys.delivery.model.DeliveryResources;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `set image`: an update to another image begins.
@Command(name = "set", description = "Changes a rollout.", mixinStandardHelpOptions = true)
final class SetCommand {

  private static final int TRIES = 5;

  private static final List<String> LISTS =
      List.of("initContainers", "containers", "ephemeralContainers");

  @Spec private CommandSpec spec = CommandSpec.create();

  @Command(name = "image", description = "Gives a container of a rollout another image.")
  void image(
      @Parameters(paramLabel = "ROLLOUT") String name,
      @Parameters(
              paramLabel = "CONTAINER=IMAGE",
              description = "Which container, or * for all of them.")
          String assignment) {
    int at = assignment.indexOf('=');
    if (at < 0) {
      throw new CliException("name container and image as CONTAINER=IMAGE");
    }
    String container = assignment.substring(0, at);
    String image = assignment.substring(at + 1);
    Session session = ArgoRolloutsCommand.session(spec);
    for (int tried = 1; ; tried++) {
      try {
        Struct changed = change(session, name, container, image);
        System.out.println(
            "%s \"%s\" image updated"
                .formatted(
                    changed.string("kind").toLowerCase(Locale.ROOT), Meta.of(changed).name()));
        return;
      } catch (ApiException e) {
        if (!e.is(Reason.CONFLICT) || tried == TRIES) {
          throw e;
        }
      }
    }
  }

  private static Struct change(Session session, String name, String container, String image) {
    Struct rollout = session.rollout(name).object();
    Struct reference = rollout.struct("spec", "workloadRef");
    if (reference.isEmpty()) {
      return session.api().update(DeliveryResources.ROLLOUTS, with(rollout, container, image));
    }
    Struct workload =
        session.api().get(ApiResource.DEPLOYMENTS, session.namespace(), reference.string("name"));
    return session.api().update(ApiResource.DEPLOYMENTS, with(workload, container, image));
  }

  /// @throws CliException if there is no such container
  static Struct with(Struct object, String container, String image) {
    Struct changed = object;
    boolean found = false;
    for (String list : LISTS) {
      List<Struct> containers = new ArrayList<>();
      for (Struct each : object.struct("spec", "template", "spec").structs(list)) {
        boolean meant = container.equals("*") || each.string("name").equals(container);
        found |= meant;
        containers.add(meant ? each.with("image", image) : each);
      }
      if (!containers.isEmpty()) {
        changed = changed.withAt(List.copyOf(containers), "spec", "template", "spec", list);
      }
    }
    if (!found) {
      throw new CliException("unable to find container named \"" + container + "\"");
    }
    return changed;
  }
}
