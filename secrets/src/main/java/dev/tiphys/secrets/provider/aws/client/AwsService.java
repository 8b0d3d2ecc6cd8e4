package dev.tiphys.secrets.provider.aws.client;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// A service of AWS.
public enum AwsService {
  SECRETS_MANAGER(
      "Secrets Manager", "secretsmanager", "", "secretsmanager", "AWS_SECRETSMANAGER_ENDPOINT"),
  PARAMETER_STORE("SSM", "ssm", "", "AmazonSSM", "AWS_SSM_ENDPOINT"),
  SECURITY_TOKENS("STS", "sts", "", "", "AWS_STS_ENDPOINT"),
  REGISTRY("ECR", "ecr", "api.", "AmazonEC2ContainerRegistry_V20150921", "AWS_ECR_ENDPOINT"),
  PUBLIC_REGISTRY(
      "ECR PUBLIC", "ecr-public", "api.", "SpencerFrontendService", "AWS_ECR_PUBLIC_ENDPOINT");

  private static final Pattern LABEL =
      Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9]{0,61}[A-Za-z0-9])?");
  private static final List<Map.Entry<String, String>> DOMAINS =
      List.of(
          Map.entry("cn-", "amazonaws.com.cn"),
          Map.entry("us-isob-", "sc2s.sgov.gov"),
          Map.entry("us-isof-", "csp.hci.ic.gov"),
          Map.entry("us-iso-", "c2s.ic.gov"),
          Map.entry("eu-isoe-", "cloud.adc-e.uk"),
          Map.entry("eusc-", "amazonaws.eu"));

  private final String title;
  private final String id;
  private final String host;
  private final String target;
  private final String variable;

  /// @param title in messages
  /// @param id in signatures and host names
  /// @param host what stands before the id in host names
  /// @param target what stands before operations; empty if they are no headers
  /// @param variable names another place for it
  AwsService(String title, String id, String host, String target, String variable) {
    this.title = title;
    this.id = id;
    this.host = host;
    this.target = target;
    this.variable = variable;
  }

  /// In messages.
  public String title() {
    return title;
  }

  /// In metrics.
  String label() {
    return this == PARAMETER_STORE ? "ParameterStore" : title.replace(" ", "");
  }

  /// In signatures.
  public String id() {
    return id;
  }

  String target(String operation) {
    return target + "." + operation;
  }

  /// Whether a region can be one. Which there are is AWS's to say: new ones come each year.
  public static boolean isRegion(String region) {
    return LABEL.matcher(region).matches();
  }

  /// Where it is in a region.
  ///
  /// @throws IllegalArgumentException if the environment names a place that is none
  public URI place(String region, AwsEnvironment environment) {
    String named = environment.variable(variable);
    if (!named.isEmpty()) {
      URI uri = URI.create(named);
      return uri.getPath().isEmpty() ? uri.resolve("/") : uri;
    }
    String domain =
        DOMAINS.stream()
            .filter(each -> region.startsWith(each.getKey()))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElse("amazonaws.com");
    return URI.create("https://%s%s.%s.%s/".formatted(host, id, region, domain));
  }
}
