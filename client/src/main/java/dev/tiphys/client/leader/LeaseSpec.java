package dev.tiphys.client.leader;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import java.time.Duration;
import java.time.Instant;

/// What a Lease says of its holder. What others have put there is kept.
record LeaseSpec(Struct spec) {

  static LeaseSpec of(Struct lease) {
    return new LeaseSpec(lease.struct("spec"));
  }

  String holder() {
    return spec.string("holderIdentity");
  }

  /// For how long the holder asks the others to wait.
  Duration duration() {
    return Duration.ofSeconds(spec.integer("leaseDurationSeconds"));
  }

  /// How it is when a candidate has it, again or for the first time.
  LeaseSpec heldBy(ElectionSettings candidate, Instant now) {
    boolean again = holder().equals(candidate.identity());
    String time = Timestamps.micros(now);
    String since = spec.string("acquireTime");
    long changes = spec.integer("leaseTransitions");
    return new LeaseSpec(
        StructBuilder.from(spec)
            .add("holderIdentity", candidate.identity())
            .add("leaseDurationSeconds", candidate.leaseDuration().toSeconds())
            .add("acquireTime", again && !since.isEmpty() ? since : time)
            .add("renewTime", time)
            .add("leaseTransitions", spec.isEmpty() || again ? changes : changes + 1)
            .build());
  }

  /// How it is when its holder gives it up: whichever candidate comes next need not wait.
  LeaseSpec released(Instant now) {
    String time = Timestamps.micros(now);
    return new LeaseSpec(
        StructBuilder.from(spec.without("holderIdentity"))
            .add("leaseDurationSeconds", 1L)
            .add("acquireTime", time)
            .add("renewTime", time)
            .build());
  }
}
