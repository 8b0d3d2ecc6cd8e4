package dev.tiphys.cli.options;

import java.util.EnumSet;
import java.util.Set;
import picocli.CommandLine.Option;

/// Which parts of the service network run here.
public final class NetworkOption {

  /// A part that can be left to another program.
  public enum Part {
    /// Makes Services reach their endpoints.
    PROXY,
    /// Answers for names of Services and Pods.
    DNS,
    /// Lets through what network policies allow.
    POLICY,
    /// Gives addresses to Services of type LoadBalancer.
    LOADBALANCER
  }

  @Option(
      names = "--without",
      split = ",",
      paramLabel = "PART",
      description =
          "Parts of the service network that are left to other programs: proxy, dns, policy,"
              + " loadbalancer.")
  private Set<Part> without = EnumSet.noneOf(Part.class);

  /// Whether a part is to run.
  public boolean has(Part part) {
    return !without.contains(part);
  }
}
