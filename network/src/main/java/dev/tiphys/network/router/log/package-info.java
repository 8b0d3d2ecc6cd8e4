/// The access log: a line for each request that has ended, in nginx' usual format.
package dev.tiphys.network.router.log;
