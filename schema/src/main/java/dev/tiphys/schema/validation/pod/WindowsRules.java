package dev.tiphys.schema.validation.pod;

import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Formats;
import java.util.regex.Pattern;

/// Rules for containers on Windows.
final class WindowsRules {

  private static final int MOST_CREDENTIALS = 64 * 1024;
  private static final int DOMAIN = 256;
  private static final int USER = 104;
  private static final Pattern NET_BIOS =
      Pattern.compile("[^\\\\/:*?\"<>|.][^\\\\/:*?\"<>|]{0,14}");
  private static final String DNS_PART = "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?";
  private static final Pattern DNS = Pattern.compile(DNS_PART + "(?:\\." + DNS_PART + ")*");
  private static final Pattern BAD_CHARACTERS = Pattern.compile("[\"/\\\\:;|=,+*?<>@\\[\\]]");
  private static final Pattern DOTS_AND_BLANKS = Pattern.compile("[. ]+");

  private WindowsRules() {}

  static void options(FieldValue options) {
    if (!options.isSet()) {
      return;
    }
    if (options.at("gmsaCredentialSpecName").isSet()) {
      options.at("gmsaCredentialSpecName").mustBe(Formats::dnsSubdomain);
    }
    FieldValue credentials = options.at("gmsaCredentialSpec");
    if (credentials.isSet()) {
      if (credentials.isEmpty()) {
        credentials.invalid("gmsaCredentialSpec cannot be an empty string");
      } else if (Formats.byteLength(credentials.string()) > MOST_CREDENTIALS) {
        credentials.invalid("gmsaCredentialSpec size must be under 64 KiB");
      }
    }
    if (options.at("runAsUserName").isSet()) {
      userName(options.at("runAsUserName"));
    }
  }

  private static void userName(FieldValue value) {
    String name = value.string();
    if (name.isEmpty()) {
      value.invalid("runAsUserName cannot be an empty string");
      return;
    }
    if (name.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
      value.invalid("runAsUserName cannot contain control characters");
      return;
    }
    int backslash = name.indexOf('\\');
    if (backslash != name.lastIndexOf('\\')) {
      value.invalid("runAsUserName cannot contain more than one backslash");
      return;
    }
    if (backslash >= 0) {
      domain(value, name.substring(0, backslash));
    }
    user(value, name.substring(backslash + 1));
  }

  private static void domain(FieldValue value, String domain) {
    if (Formats.byteLength(domain) >= DOMAIN) {
      value.invalid("runAsUserName's Domain length must be under 256 characters");
    }
    if (!NET_BIOS.matcher(domain).matches() && !DNS.matcher(domain).matches()) {
      value.invalid("runAsUserName's Domain doesn't match the NetBios nor the DNS format");
    }
  }

  private static void user(FieldValue value, String user) {
    if (user.isEmpty()) {
      value.invalid("runAsUserName's User cannot be empty");
    } else if (Formats.byteLength(user) > USER) {
      value.invalid("runAsUserName's User length must not be longer than 104 characters");
    }
    if (DOTS_AND_BLANKS.matcher(user).matches()) {
      value.invalid("runAsUserName's User cannot contain only periods or spaces");
    }
    if (BAD_CHARACTERS.matcher(user).find()) {
      value.invalid(
          "runAsUserName's User cannot contain the following characters: \"/\\:;|=,+*?<>@[]");
    }
  }

  /// Either all containers are processes of the node itself, or none.
  static void hostProcesses(FieldValue spec) {
    FieldValue ofPod = spec.at("securityContext", "windowsOptions").at("hostProcess");
    int count = 0;
    int hostProcesses = 0;
    for (FieldValue container : ContainerListRules.all(spec)) {
      FieldValue own = container.at("securityContext", "windowsOptions").at("hostProcess");
      if (own.isSet() && ofPod.isSet() && own.bool() != ofPod.bool()) {
        own.invalid(
            "pod hostProcess value must be identical if both are specified, was " + ofPod.bool());
      }
      count++;
      hostProcesses += (own.isSet() ? own.bool() : ofPod.bool()) ? 1 : 0;
    }
    if (hostProcesses == 0) {
      return;
    }
    if (hostProcesses != count) {
      spec.invalid(
          "",
          "If pod contains any hostProcess containers then all containers must be HostProcess"
              + " containers");
    }
    if (!spec.at("hostNetwork").bool()) {
      spec.at("hostNetwork")
          .invalid(false, "hostNetwork must be true if pod contains any hostProcess containers");
    }
  }
}
