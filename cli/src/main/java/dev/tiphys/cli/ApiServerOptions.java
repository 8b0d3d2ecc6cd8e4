package dev.tiphys.cli;

import dev.tiphys.apiserver.ApiServerSettings;
import dev.tiphys.cli.data.DataDirectory;
import dev.tiphys.cli.options.AdmissionOptions;
import dev.tiphys.cli.options.AdviceOption;
import dev.tiphys.cli.options.AuditOptions;
import dev.tiphys.cli.options.AuthenticationOptions;
import dev.tiphys.cli.options.AuthorizationOptions;
import dev.tiphys.cli.options.EncryptionOptions;
import dev.tiphys.cli.options.FeatureOptions;
import dev.tiphys.cli.options.RuntimeConfigOption;
import dev.tiphys.cli.options.ServiceRangeOption;
import dev.tiphys.cli.roles.EncryptionChoice;
import dev.tiphys.cli.roles.ServerSettings;
import dev.tiphys.object.GoDuration;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// What can be said of an API server that is to be started.
final class ApiServerOptions {

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Where the cluster keeps its data. Default: ${DEFAULT-VALUE}.")
  Path dataDirectory = DataDirectory.usual();

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "Where the API server listens; 0 for any free port. Default: ${DEFAULT-VALUE}.")
  int port = 6443;

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description =
          "Where the administrator's kubeconfig is written. Default: it is merged into"
              + " ~/.kube/config as the context 'tiphys'.")
  @Nullable Path kubeconfig;

  Duration eventLife = ApiServerSettings.EVENT_LIFE;

  @Option(
      names = "--event-ttl",
      paramLabel = "SPAN",
      description = "How long events are kept, as 90s or 1h30m. Default: 1h.")
  void eventLife(String text) {
    Duration span;
    try {
      span = GoDuration.parse(text);
    } catch (IllegalArgumentException e) {
      span = Duration.ZERO;
    }
    if (!span.isPositive()) {
      throw new ParameterException(
          command.commandLine(),
          "--event-ttl takes a span of time, such as 90s or 1h, not " + text);
    }
    eventLife = span;
  }

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

  @Mixin AuthenticationOptions authentication = new AuthenticationOptions();

  @Mixin AuthorizationOptions authorization = new AuthorizationOptions();

  @Mixin EncryptionOptions encryption = new EncryptionOptions();

  @Mixin AuditOptions audit = new AuditOptions();

  @Mixin StoreChoice store = new StoreChoice();

  @Mixin AdmissionOptions admission = new AdmissionOptions();

  @Mixin AdviceOption advice = new AdviceOption();

  @Mixin FeatureOptions features = new FeatureOptions();

  @Mixin RuntimeConfigOption served = new RuntimeConfigOption();

  @Mixin ServiceRangeOption services = new ServiceRangeOption();

  /// All that is asked for of the server.
  ///
  /// @param encrypted how its objects are encrypted
  /// @throws dev.tiphys.cli.machine.CliException if it does not go together, or a file can't be
  ///   used
  ServerSettings settings(EncryptionChoice encrypted) {
    return new ServerSettings(
        port,
        eventLife,
        authentication.choice(),
        authorization.choice(),
        encrypted,
        audit.choice(),
        admission.settings(),
        services.of(DataDirectory.of(dataDirectory)),
        advice.isOn(),
        served.config(),
        features.gates());
  }
}
