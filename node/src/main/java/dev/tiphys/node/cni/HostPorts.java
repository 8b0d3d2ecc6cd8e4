package dev.tiphys.node.cni;

import dev.tiphys.node.host.HostProgram;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The rules by which ports of the node lead to Pods. The plugin makes and removes them with each
/// Pod; this clears up after Pods that went without it being asked.
final class HostPorts {

  /// `-A CNI-HOSTPORT-DNAT … --comment "dnat name: \"tiphys0\" id: …" … -j CNI-DN-…`
  private static final String RULE =
      "-A CNI-HOSTPORT-DNAT .*name: \\\\\"%s\\\\\".* -j (CNI-DN-\\S+)";

  private HostPorts() {}

  static void remove(String network) throws IOException, InterruptedException {
    for (String family : List.of("iptables", "ip6tables")) {
      HostProgram save = HostProgram.find(family + "-save");
      HostProgram restore = HostProgram.find(family + "-restore");
      if (save != null && restore != null) {
        String removal = removal(network, save.run("-t", "nat").output());
        if (!removal.isEmpty()) {
          restore.runWithInput(removal, "--noflush", "-w");
        }
      }
    }
  }

  /// What undoes the rules of a network, in the form that was saved.
  static String removal(String network, String saved) {
    Pattern rule = Pattern.compile(RULE.formatted(Pattern.quote(network)));
    List<String> lines = new ArrayList<>();
    for (String line : saved.lines().toList()) {
      Matcher matcher = rule.matcher(line);
      if (matcher.matches()) {
        lines.add("-D" + line.substring("-A".length()));
        lines.add("-F " + matcher.group(1));
        lines.add("-X " + matcher.group(1));
      }
    }
    return lines.isEmpty() ? "" : "*nat\n" + String.join("\n", lines) + "\nCOMMIT\n";
  }
}
