package dev.tiphys.cli.options;

import dev.tiphys.apiserver.ApiServerSettings;
import dev.tiphys.cli.data.DataDirectory;
import dev.tiphys.cli.features.FeatureOptions;
import dev.tiphys.cli.features.RuntimeConfigOption;
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
public final class ApiServerOptions {

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Where the cluster keeps its data. Default: ${DEFAULT-VALUE}.")
  public Path dataDirectory = DataDirectory.usual();

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "Where the API server listens; 0 for any free port. Default: ${DEFAULT-VALUE}.")
  public int port = 6443;

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description =
          "Where the administrator's kubeconfig is written. Default: it is merged into"
              + " ~/.kube/config as the context 'tiphys'.")
  public @Nullable Path kubeconfig;

  public Duration eventLife = ApiServerSettings.EVENT_LIFE;

  @Option(
      names = "--event-ttl",
      paramLabel = "SPAN",
      description = "How long events are kept, as 90s or 1h30m. Default: 1h.")
  public void eventLife(String text) {
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

  @Mixin public AuthenticationOptions authentication = new AuthenticationOptions();

  @Mixin public AuthorizationOptions authorization = new AuthorizationOptions();

  @Mixin public EncryptionOptions encryption = new EncryptionOptions();

  @Mixin public AuditOptions audit = new AuditOptions();

  @Mixin public StoreChoice store = new StoreChoice();

  @Mixin public AdmissionOptions admission = new AdmissionOptions();

  @Mixin public AdviceOption advice = new AdviceOption();

  @Mixin public FeatureOptions features = new FeatureOptions();

  @Mixin public RuntimeConfigOption served = new RuntimeConfigOption();

  @Mixin public ServiceRangeOption services = new ServiceRangeOption();

  /// All that is asked for of the server.
  ///
  /// @param encrypted how its objects are encrypted
  /// @throws dev.tiphys.cli.machine.CliException if it does not go together, or a file can't be
  ///   used
  public ServerSettings settings(EncryptionChoice encrypted) {
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
