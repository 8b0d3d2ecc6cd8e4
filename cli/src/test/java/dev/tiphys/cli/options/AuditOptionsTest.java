package dev.tiphys.cli.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.apiserver.audit.BufferedBackend.Batching;
import dev.tiphys.apiserver.audit.LogBackend.Format;
import dev.tiphys.apiserver.audit.RotatingFile.Limits;
import dev.tiphys.cli.machine.CliException;
import dev.tiphys.cli.roles.AuditChoice;
import dev.tiphys.cli.roles.AuditChoice.Delivery;
import dev.tiphys.cli.roles.AuditChoice.Mode;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class AuditOptionsTest {

  private static AuditChoice chosen(String... arguments) {
    AuditOptions options = new AuditOptions();
    new CommandLine(options).parseArgs(arguments);
    return options.choice();
  }

  @Test
  void nothingIsRecordedUnlessItIsAskedFor() {
    assertThat(chosen()).isEqualTo(AuditChoice.NONE);
  }

  @Test
  void aLogHasUpstreamsDefaults() {
    assertThat(chosen("--audit-log-path", "/var/log/audit.log").log())
        .isEqualTo(
            new AuditChoice.Log(
                "/var/log/audit.log",
                Format.JSON,
                new Limits(100L << 20, Duration.ofDays(366), 100, false),
                new Delivery(
                    Mode.BLOCKING,
                    new Batching(10_000, 1, Duration.ZERO, 0, 0, false),
                    0,
                    10 << 20)));
  }

  @Test
  void aWebhookHasUpstreamsDefaults() {
    assertThat(chosen("--audit-webhook-config-file", "/a").webhook())
        .isEqualTo(
            new AuditChoice.Webhook(
                Path.of("/a"),
                Duration.ofSeconds(10),
                new Delivery(
                    Mode.BATCH,
                    new Batching(10_000, 400, Duration.ofSeconds(30), 10, 15, true),
                    0,
                    10 << 20)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "--audit-log-mode=never | invalid audit log mode never, allowed modes are"
            + " \"batch,blocking,blocking-strict\"",
        "--audit-log-format=xml | invalid audit log format xml",
        "--audit-log-maxage=-1 | --audit-log-maxage -1 can't be a negative number",
        "--audit-log-maxbackup=-1 | --audit-log-maxbackup -1 can't be a negative number",
        "--audit-log-maxsize=-1 | --audit-log-maxsize -1 can't be a negative number",
        "--audit-log-version=audit.k8s.io/v1beta1 | invalid group version",
        "--audit-log-truncate-max-event-size=0 | invalid audit truncate log max event size 0, must"
            + " be a positive number",
        "--audit-log-truncate-max-batch-size=5 | must be greater than max event size (102400)",
        "--audit-webhook-batch-buffer-size=0 | invalid audit batch webhook buffer size 0, must be a"
            + " positive number",
        "--audit-webhook-batch-throttle-qps=0 | invalid audit batch webhook throttle QPS 0, must be"
            + " a positive number",
        "--audit-policy-file=/nowhere | failed to read file path",
      })
  void whatDoesNotGoTogetherIsRefused(String option, String message) {
    assertThatThrownBy(() -> chosen("--audit-log-path=-", "--audit-webhook-config-file=/a", option))
        .isInstanceOf(CliException.class)
        .hasMessageContaining(message);
  }
}
