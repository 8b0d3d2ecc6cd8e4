package dev.tiphys.cli.rollouts;

import dev.tiphys.cli.machine.CliException;
import dev.tiphys.cli.options.ManifestFiles;
import dev.tiphys.delivery.model.DeliveryResources;
import dev.tiphys.delivery.model.Rollout;
import dev.tiphys.delivery.validation.RolloutLint;
import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `lint`: what is wrong with the Rollouts in a file, without a cluster.
@Command(
    name = "lint",
    description = "Says what is wrong with the rollouts in a file.",
    mixinStandardHelpOptions = true)
final class LintCommand implements Runnable {

  @Option(
      names = {"-f", "--filename"},
      paramLabel = "FILE",
      required = true,
      description = "The file.")
  private String file = "";

  @Override
  public void run() {
    List<String> problems = new ArrayList<>();
    for (Struct object : ManifestFiles.read(List.of(file))) {
      if (object.string("kind").equals(DeliveryResources.ROLLOUTS.kind())
          && object.string("apiVersion").equals(DeliveryResources.ROLLOUTS.apiVersion())) {
        problems.addAll(RolloutLint.problems(new Rollout(object)));
      }
    }
    problems.forEach(System.out::println);
    if (!problems.isEmpty()) {
      throw new CliException(problems.getFirst());
    }
  }
}
