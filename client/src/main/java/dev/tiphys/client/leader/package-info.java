/// Which of several processes does the work: the one that holds a Lease.
///
/// A [dev.tiphys.client.leader.LeaderElection] is a candidate for the Lease. While it holds it, it
/// runs parts that are made for this [dev.tiphys.client.leader.Term] of leadership and write
/// through an API that refuses once the term is over.
package dev.tiphys.client.leader;
