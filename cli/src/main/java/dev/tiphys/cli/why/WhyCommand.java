package dev.tiphys.cli.why;

import dev.tiphys.cli.machine.CliException;
import dev.tiphys.cli.options.SchedulerFile;
import dev.tiphys.cli.options.ServerOption;
import dev.tiphys.client.http.HttpApi;
import dev.tiphys.client.http.Kubeconfig;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.scheduler.Scheduler;
import dev.tiphys.scheduler.config.SchedulerConfiguration;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tiphys why`
@Command(
    name = "why",
    description =
        "Tells what the scheduler's plugins think of each node for a pod, as the cluster is now, and the"
            + " smallest change that would make the pod fit; or which pods, which containers and which"
            + " events hold up the rollout of a deployment. Changes nothing.",
    mixinStandardHelpOptions = true)
public final class WhyCommand implements Runnable {

  @Mixin private ServerOption server = new ServerOption();

  @Option(
      names = {"-n", "--namespace"},
      description = "The namespace. Default: ${DEFAULT-VALUE}.")
  private String namespace = "default";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "'json' for programs. Default: a text.")
  private String output = "";

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The file with the KubeSchedulerConfiguration that the scheduler works with.")
  private @Nullable Path config;

  @Parameters(paramLabel = "KIND/NAME", description = "A pod or a deployment: pod/web.")
  private String object = "";

  /// What is asked about.
  ///
  /// @param deployment whether it is no pod
  record Question(boolean deployment, String name) {

    static Question of(String object) {
      String[] parts = object.split("/");
      if (parts.length == 2 && List.of("pod", "pods", "po").contains(parts[0])) {
        return new Question(false, parts[1]);
      }
      if (parts.length == 2 && List.of("deployment", "deployments", "deploy").contains(parts[0])) {
        return new Question(true, parts[1]);
      }
      throw new CliException("name what is asked about as pod/NAME or deployment/NAME");
    }
  }

  @Override
  public void run() {
    Question question = Question.of(object);
    if (!output.isEmpty() && !output.equals("json")) {
      throw new CliException("--output takes json, not " + output);
    }
    SchedulerConfiguration configuration = SchedulerFile.read(config);
    Kubeconfig.Access access = server.access();
    World world = new RealWorld();
    HttpApi api = new HttpApi(world, access, "tiphys");
    ServerOption.require(api, access);
    try (Scheduler scheduler =
        SchedulerFile.scheduler(() -> new Scheduler(world, api, configuration))) {
      scheduler.observe();
      if (question.deployment) {
        Struct answer = new Rollout(api, scheduler).answer(namespace, question.name);
        print(answer, RolloutAnswer.lines(answer));
      } else {
        Struct answer = decision(scheduler, question.name);
        print(answer, PodAnswer.lines(answer));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Struct decision(Scheduler scheduler, String pod) throws InterruptedException {
    return scheduler
        .why(namespace, pod)
        .orElseThrow(
            () ->
                new CliException(
                    "there is no pod %s/%s that this scheduler has to do with"
                        .formatted(namespace, pod)))
        .tree();
  }

  private void print(Struct answer, List<String> lines) {
    if (output.isEmpty()) {
      lines.forEach(System.out::println);
    } else {
      System.out.println(Json.text(answer));
    }
  }
}
