-- Creates COUNT nodes with nobody behind them.
local count = tonumber(os.getenv("COUNT"))
local sent, answered = 0, 0
local headers = {["Authorization"] = "Bearer measuring", ["Content-Type"] = "application/json"}
local resources = '{"cpu":"32","memory":"64Gi","pods":"110"}'

request = function()
  sent = sent + 1
  if sent > count then return wrk.format("GET", "/readyz", headers) end
  local name = "bare-" .. sent
  return wrk.format("POST", "/api/v1/nodes", headers,
    '{"apiVersion":"v1","kind":"Node","metadata":{"name":"' .. name ..
    '","labels":{"kubernetes.io/hostname":"' .. name .. '"}},"status":{"capacity":' .. resources ..
    ',"allocatable":' .. resources .. ',"conditions":[{"type":"Ready","status":"True"}]}}')
end

response = function(status)
  answered = answered + 1
  if answered == count then wrk.thread:stop() end
end
