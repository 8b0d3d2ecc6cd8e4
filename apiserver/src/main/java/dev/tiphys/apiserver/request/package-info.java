/// What all stages of a request know of it: in which user's name it is made, with what options, and
/// what caused it.
package dev.tiphys.apiserver.request;
