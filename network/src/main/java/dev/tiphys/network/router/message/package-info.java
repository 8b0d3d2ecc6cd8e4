/// The heads of requests and responses: what is read and refused, and what is made of it to be
/// passed on.
package dev.tiphys.network.router.message;
