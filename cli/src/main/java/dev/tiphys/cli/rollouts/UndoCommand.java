package dev.tiphys.cli.rollouts;

import dev.tiphys.cli.machine.CliException;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.ListOptions;
import dev.tiphys.client.PatchType;
import dev.tiphys.delivery.model.DeliveryResources;
import dev.tiphys.delivery.model.ReplicaSet;
import dev.tiphys.delivery.model.Rollout;
import dev.tiphys.delivery.replicasets.Templates;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.Meta;
import java.util.Comparator;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `undo`: an earlier template is rolled out again.
@Command(
    name = "undo",
    description = "Rolls an earlier revision out again.",
    mixinStandardHelpOptions = true)
final class UndoCommand implements Runnable {

  @Parameters(paramLabel = "ROLLOUT")
  private String name = "";

  @Option(
      names = "--to-revision",
      paramLabel = "NUMBER",
      description = "Which revision. Default: the last one.")
  private long revision;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    Session session = ArgoRolloutsCommand.session(spec);
    Rollout rollout = session.rollout(name);
    ReplicaSet wanted = wanted(sets(session, rollout));
    Struct template = Templates.original(wanted);
    if (rollout.workloadRef().isEmpty()
        && Templates.complete(rollout.template()).equals(Templates.complete(template))) {
      System.out.println(
          "skipped rollback (current template already matches revision %d)".formatted(revision));
      return;
    }
    List<Struct> patch =
        List.of(
            new StructBuilder()
                .add("op", "replace")
                .add("path", "/spec/template")
                .add("value", template)
                .build());
    if (rollout.workloadRef().isEmpty()) {
      apply(session, DeliveryResources.ROLLOUTS, name, patch);
    } else {
      String kind = rollout.workloadRef().string("kind");
      if (!kind.equals("Deployment")) {
        throw new CliException("workload of type " + kind + " is not supported");
      }
      apply(session, ApiResource.DEPLOYMENTS, rollout.workloadRef().string("name"), patch);
    }
    System.out.println("rollout '" + name + "' undo");
  }

  private static void apply(
      Session session, ApiResource resource, String object, List<Struct> patch) {
    session.api().patch(resource, session.namespace(), object, "", PatchType.JSON, patch);
  }

  private static List<ReplicaSet> sets(Session session, Rollout rollout) {
    return session
        .api()
        .list(ApiResource.REPLICA_SETS, session.namespace(), ListOptions.ALL)
        .items()
        .stream()
        .filter(
            set -> {
              Struct owner = Meta.of(set).controller();
              return owner != null && owner.string("uid").equals(rollout.meta().uid());
            })
        .map(ReplicaSet::new)
        .sorted(Comparator.comparingLong(ReplicaSet::revision).reversed())
        .toList();
  }

  /// The one with the revision that is asked for, or the second newest.
  private ReplicaSet wanted(List<ReplicaSet> newestFirst) {
    if (revision > 0) {
      return newestFirst.stream()
          .filter(set -> set.revision() == revision)
          .findFirst()
          .orElseThrow(
              () ->
                  new CliException(
                      "unable to find specified revision " + revision + " in history"));
    }
    if (newestFirst.size() < 2) {
      throw new CliException("no revision found for rollout \"" + name + "\"");
    }
    return newestFirst.get(1);
  }
}
