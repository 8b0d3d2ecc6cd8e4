package dev.tiphys.cli.why;

import dev.tiphys.cli.features.FeatureOptions;
import dev.tiphys.cli.machine.CliException;
import dev.tiphys.cli.options.SchedulerFile;
import dev.tiphys.cli.options.ServerOption;
import dev.tiphys.client.Api;
import dev.tiphys.client.http.HttpApi;
import dev.tiphys.client.http.Kubeconfig;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.scheduler.Scheduler;
import dev.tiphys.scheduler.config.SchedulerConfiguration;
import dev.tiphys.scheduler.decisions.Decision;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tiphys why`
@Command(
    name = "why",
    description =
        "Tells what the scheduler decided about a pod when it tried it last, what its plugins think of"
            + " each node for it as the cluster is now, and the smallest change that would make the pod fit; or which pods, which containers and which"
            + " events hold up a deployment, statefulset, daemonset, job or rollout; or where each key of an ExternalSecret comes"
            + " from, when it was last read and what failed, without its values; or what a"
            + " ServiceMonitor or PodMonitor selects, what is in the way, and how its scrapes go."
            + " Changes nothing.",
    mixinStandardHelpOptions = true)
public final class WhyCommand implements Runnable {

  private static final System.Logger LOG = System.getLogger(WhyCommand.class.getName());

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
      description =
          "A file with a KubeSchedulerConfiguration: what a scheduler that works with it would say.")
  private @Nullable Path config;

  @Option(
      names = "--scheduler",
      paramLabel = "URL",
      description =
          "Where the scheduler itself is to be asked, where it is a process of its own:"
              + " https://127.0.0.1:10259. The credentials of the kubeconfig are shown there, and any"
              + " certificate is believed, since the scheduler makes its own: go there over a way that"
              + " can be trusted.")
  private @Nullable String scheduler;

  @Option(
      names = "--dry-run",
      description =
          "Of an ExternalSecret: has its stores asked now, and tells which keys would result. Nothing"
              + " is written, and generators are not asked.")
  private boolean dryRun;

  @Parameters(
      paramLabel = "KIND/NAME",
      description = "A pod, a workload, an ExternalSecret or a monitor: pod/web.")
  private String object = "";

  @Mixin private FeatureOptions features = new FeatureOptions();

  /// What is asked about.
  record Question(Kind kind, String name) {

    static Question of(String object) {
      String[] parts = object.split("/");
      for (Kind kind : Kind.values()) {
        if (parts.length == 2 && kind.names.contains(parts[0])) {
          return new Question(kind, parts[1]);
        }
      }
      throw new CliException(
          "name what is asked about as KIND/NAME, of these kinds: "
              + Arrays.stream(Kind.values())
                  .map(kind -> kind.names.get(1))
                  .collect(Collectors.joining(", ")));
    }
  }

  /// What can be asked about.
  enum Kind {
    POD("pods", "pod", "po"),
    DEPLOYMENT("deployments", "deployment", "deploy"),
    STATEFUL_SET("statefulsets", "statefulset", "sts"),
    DAEMON_SET("daemonsets", "daemonset", "ds"),
    JOB("jobs", "job"),
    ROLLOUT("rollouts", "rollout", "ro"),
    EXTERNAL_SECRET("externalsecrets", "externalsecret", "es"),
    SERVICE_MONITOR("servicemonitors", "servicemonitor", "smon"),
    POD_MONITOR("podmonitors", "podmonitor", "pmon"),
    PROBE("probes", "probe", "prb"),
    SCRAPE_CONFIG("scrapeconfigs", "scrapeconfig", "scfg");

    private final List<String> names;

    Kind(String... names) {
      this.names = List.of(names);
    }

    /// As paths have it.
    String plural() {
      return names.getFirst();
    }
  }

  @Override
  public void run() {
    Question question = Question.of(object);
    if (!output.isEmpty() && !output.equals("json")) {
      throw new CliException("--output takes json, not " + output);
    }
    SchedulerConfiguration configuration = SchedulerFile.read(config, features.gates());
    Kubeconfig.Access access = server.access();
    World world = new RealWorld();
    HttpApi api = new HttpApi(world, access, "tiphys");
    ServerOption.require(api, access);
    switch (question.kind) {
      case EXTERNAL_SECRET -> {
        Struct answer = told(api, question);
        print(answer, ExternalSecretAnswer.lines(answer));
      }
      case SERVICE_MONITOR, POD_MONITOR, PROBE, SCRAPE_CONFIG -> {
        Struct answer = told(api, question);
        print(answer, MonitorAnswer.lines(answer));
      }
      case POD, DEPLOYMENT, STATEFUL_SET, DAEMON_SET, JOB, ROLLOUT ->
          scheduled(world, api, access, configuration, question);
    }
  }

  private void scheduled(
      World world,
      HttpApi api,
      Kubeconfig.Access access,
      SchedulerConfiguration configuration,
      Question question) {
    Struct answer;
    if (scheduler != null) {
      HttpApi there = new HttpApi(world, at(access, scheduler), "tiphys");
      answer = answer(new WhyDocuments(api, (place, pod) -> asked(there, place, pod)), question);
    } else {
      Optional<Struct> kept = config == null ? kept(api, question) : Optional.empty();
      answer = kept.orElseGet(() -> workedOut(world, api, configuration, question));
    }
    print(
        answer, question.kind == Kind.POD ? PodAnswer.lines(answer) : RolloutAnswer.lines(answer));
  }

  /// What keeps such objects says, beside the API server.
  private Struct told(HttpApi api, Question question) {
    try {
      return api.document(WhyDocuments.path(namespace, question) + (dryRun ? "/dry-run" : ""));
    } catch (ApiException e) {
      throw new CliException("the cluster does not tell: " + e.message(), e);
    }
  }

  /// The same credentials, for a server that makes its own certificate.
  private static Kubeconfig.Access at(Kubeconfig.Access access, String url) {
    return new Kubeconfig.Access(
        url, "", access.certificate(), access.key(), access.token(), access.more().believing());
  }

  /// What the scheduler says that was named; it knows nothing of workloads.
  private static Optional<Struct> asked(HttpApi scheduler, String namespace, String pod) {
    try {
      return Optional.of(
          scheduler.document(WhyDocuments.path(namespace, new Question(Kind.POD, pod))));
    } catch (ApiException e) {
      if (e.is(Reason.NOT_FOUND)) {
        return Optional.empty();
      }
      throw new CliException("the scheduler does not tell: " + e.message(), e);
    }
  }

  /// What the scheduler of the cluster says; absent if it is none of ours, or does not lead where
  /// the API server is.
  private Optional<Struct> kept(HttpApi api, Question question) {
    try {
      return Optional.of(api.document(WhyDocuments.path(namespace, question)));
    } catch (ApiException e) {
      LOG.log(Level.DEBUG, "the cluster does not tell why: error=" + e.message());
      return Optional.empty();
    }
  }

  /// What a scheduler would say that was here, without what was decided before.
  private Struct workedOut(
      World world, Api api, SchedulerConfiguration configuration, Question question) {
    try (Scheduler scheduler =
        SchedulerFile.scheduler(() -> new Scheduler(world, api, configuration))) {
      scheduler.observe();
      return answer(
          new WhyDocuments(api, (place, pod) -> decision(scheduler, place, pod)), question);
    }
  }

  private Struct answer(WhyDocuments documents, Question question) {
    try {
      return documents.apply(WhyDocuments.path(namespace, question)).orElseThrow();
    } catch (ApiException e) {
      throw new CliException(e.message(), e);
    }
  }

  private static Optional<Struct> decision(Scheduler scheduler, String namespace, String pod) {
    try {
      return scheduler.why(namespace, pod).map(Decision::tree);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException("interrupted", e);
    }
  }

  private void print(Struct answer, List<String> lines) {
    if (output.isEmpty()) {
      lines.forEach(System.out::println);
    } else {
      System.out.println(Json.text(answer));
    }
  }
}
