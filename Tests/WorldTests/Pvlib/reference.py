"""What pvlib says, as CSV: five sites, four days, every five minutes. Argument: the name of a table below."""

import sys

import numpy as np
import pandas as pd
import pvlib

# Name, degrees north, degrees east, metres, hours from UTC to local mean time, tilt and azimuth of the modules.
SITES = [
    ("munich", 48.137, 11.576, 520, 30, 180),
    ("quito", -0.18, -78.47, 2850, 10, 0),
    ("tromso", 69.65, 18.96, 10, 45, 200),
    ("phoenix", 33.45, -112.07, 331, 25, 150),
    ("sydney", -33.87, 151.21, 40, 28, 10),
]
DAYS = ["2026-03-20", "2026-06-21", "2026-09-14", "2026-12-21"]
TURBIDITY = 3.0
ALBEDO = 0.2


def milliseconds(times):
    return (times - pd.Timestamp("1970-01-01", tz="UTC")) // pd.Timedelta("1ms")


def instants():
    for name, latitude, longitude, altitude, tilt, azimuth in SITES:
        for day in DAYS:
            times = pd.date_range(day, periods=288, freq="5min", tz="UTC")
            yield times, latitude, longitude, altitude, tilt, azimuth


def sun(times, latitude, longitude, altitude):
    # Without an air pressure of its own, pvlib takes that of the altitude; refraction concerns only the apparent zenith.
    return pvlib.solarposition.get_solarposition(times, latitude, longitude, altitude, method="nrel_numpy")


def table_sun():
    random = np.random.default_rng(1)
    rows = []
    for times, latitude, longitude, altitude, _, _ in instants():
        position = sun(times, latitude, longitude, altitude)
        rows.append((times, latitude, longitude, altitude, position))
    for latitude in (-90, -66, -23, 0, 45, 80, 90):
        seconds = np.sort(random.integers(315532800, 2871763200, 2000))
        times = pd.to_datetime(seconds, unit="s", utc=True)
        longitude = float(random.uniform(-180, 180))
        rows.append((times, latitude, longitude, 0, sun(times, latitude, longitude, 0)))
    print("time,latitude,longitude,altitude,zenith,azimuth,extraterrestrial")
    for times, latitude, longitude, altitude, position in rows:
        extra = pvlib.irradiance.get_extra_radiation(times, solar_constant=1361.1, method="nrel", how="numpy")
        for time, zenith, azimuth, outside in zip(milliseconds(times), position["zenith"], position["azimuth"], np.asarray(extra)):
            print(f"{time},{latitude},{longitude},{altitude},{zenith:.6f},{azimuth:.6f},{outside:.4f}")


def clear(times, latitude, longitude, altitude, turbidity=TURBIDITY):
    position = sun(times, latitude, longitude, altitude)
    airmass = pvlib.atmosphere.get_relative_airmass(position["apparent_zenith"])
    absolute = pvlib.atmosphere.get_absolute_airmass(airmass, pvlib.atmosphere.alt2pres(altitude))
    extra = pvlib.irradiance.get_extra_radiation(times, solar_constant=1361.1, method="nrel", how="numpy")
    extra = pd.Series(np.asarray(extra), index=times)
    sky = pvlib.clearsky.ineichen(position["apparent_zenith"], absolute, turbidity, altitude=altitude, dni_extra=extra)
    return position, airmass, extra, sky


def table_clear_sky():
    print("time,latitude,longitude,altitude,turbidity,ghi,dni,dhi,haurwitz")
    for times, latitude, longitude, altitude, _, _ in instants():
        position, _, _, sky = clear(times, latitude, longitude, altitude)
        haurwitz = pvlib.clearsky.haurwitz(position["zenith"])["ghi"]
        for row in zip(milliseconds(times), sky["ghi"], sky["dni"], sky["dhi"], haurwitz):
            print(f"{row[0]},{latitude},{longitude},{altitude},{TURBIDITY}," + ",".join(f"{v:.5f}" for v in row[1:]))


def table_plane():
    print("time,latitude,longitude,altitude,tilt,azimuth,ghi,dni,dhi,perez,haydavies,isotropic,tracker,tracked,incidence,physical")
    for times, latitude, longitude, altitude, tilt, azimuth in instants():
        position, airmass, extra, sky = clear(times, latitude, longitude, altitude)
        # A thin veil of cloud, so that the diffuse part counts.
        dni, dhi = sky["dni"] * 0.7, sky["dhi"] * 1.6
        ghi = dni * np.maximum(np.cos(np.radians(position["zenith"])), 0) + dhi

        def total(model, surface_tilt, surface_azimuth):
            irradiance = pvlib.irradiance.get_total_irradiance(
                surface_tilt, surface_azimuth, position["zenith"], position["azimuth"], dni, ghi, dhi,
                dni_extra=extra, airmass=airmass, albedo=ALBEDO, model=model)
            return irradiance["poa_global"].fillna(0)

        tracking = pvlib.tracking.singleaxis(
            position["zenith"], position["azimuth"], axis_tilt=0, axis_azimuth=180, max_angle=55, backtrack=True, gcr=0.4)
        tracked = total("perez", tracking["surface_tilt"].fillna(0), tracking["surface_azimuth"].fillna(180))
        incidence = pvlib.irradiance.aoi(tilt, azimuth, position["zenith"], position["azimuth"])
        physical = pvlib.iam.physical(incidence)
        columns = [
            ghi, dni, dhi, total("perez", tilt, azimuth), total("haydavies", tilt, azimuth), total("isotropic", tilt, azimuth),
            tracking["tracker_theta"].fillna(999), tracked, incidence, physical]
        for row in zip(milliseconds(times), *columns):
            print(f"{row[0]},{latitude},{longitude},{altitude},{tilt},{azimuth}," + ",".join(f"{v:.5f}" for v in row[1:]))


def table_power():
    print("irradiance,ambient,wind,faiman,sapm,dc,ac")
    for times, latitude, longitude, altitude, tilt, azimuth in instants():
        position, airmass, extra, sky = clear(times, latitude, longitude, altitude)
        plane = pvlib.irradiance.get_total_irradiance(
            tilt, azimuth, position["zenith"], position["azimuth"], sky["dni"], sky["ghi"], sky["dhi"],
            dni_extra=extra, airmass=airmass, albedo=ALBEDO, model="perez")["poa_global"].fillna(0)
        ambient = pd.Series(12 + 14 * np.sin(np.arange(288) / 288 * 2 * np.pi - 2), index=times)
        wind = pd.Series(2.5 + 2 * np.sin(np.arange(288) / 9.0), index=times)
        faiman = pvlib.temperature.faiman(plane, ambient, wind)
        sapm = pvlib.temperature.sapm_cell(plane, ambient, wind, -3.56, -0.075, 3)
        direct = pvlib.pvsystem.pvwatts_dc(plane, faiman, 12000, -0.0035)
        alternating = pvlib.inverter.pvwatts(direct, 10000 / 0.97, 0.97)
        for row in zip(plane, ambient, wind, faiman, sapm, direct, alternating):
            print(",".join(f"{v:.6f}" for v in row))


def table_turbidity():
    print("time,latitude,longitude,altitude,turbidity,ghi,dni,dhi")
    for _, latitude, longitude, _, _, _ in SITES:
        for day in DAYS:
            times = pd.date_range(day, periods=24, freq="1h", tz="UTC")
            for altitude in (0, 1500, 4000):
                for turbidity in (1.5, 3.5, 5.0, 7.5):
                    _, _, _, sky = clear(times, latitude, longitude, altitude, turbidity)
                    for row in zip(milliseconds(times), sky["ghi"], sky["dni"], sky["dhi"]):
                        print(f"{row[0]},{latitude},{longitude},{altitude},{turbidity}," + ",".join(f"{v:.5f}" for v in row[1:]))


# Azimuth of the axis, maximum angle, ground coverage ratio, backtracking.
TRACKERS = [(180, 60, 0.35, True), (200, 55, 0.5, True), (160, 90, 0.3, False), (90, 50, 0.4, True), (180, 45, 0.4, False)]


def table_trackers():
    print("time,latitude,longitude,axis,maximum,coverage,backtracking,zenith,rotation,incidence")
    for times, latitude, longitude, altitude, _, _ in instants():
        position = sun(times, latitude, longitude, altitude)
        for axis, maximum, coverage, backtracking in TRACKERS:
            tracking = pvlib.tracking.singleaxis(
                position["zenith"], position["azimuth"], axis_tilt=0, axis_azimuth=axis, max_angle=maximum, backtrack=backtracking,
                gcr=coverage)
            for time, zenith, rotation, incidence in zip(
                    milliseconds(times), position["zenith"], tracking["tracker_theta"], tracking["aoi"]):
                if not np.isnan(rotation):
                    print(f"{time},{latitude},{longitude},{axis},{maximum},{coverage},{int(backtracking)},{zenith:.6f},{rotation:.6f},{incidence:.6f}")


def table_glass():
    print("incidence,physical,tilt,sky,ground")
    for step in range(181):
        tilt = step / 2
        diffuse = pvlib.iam.marion_diffuse("physical", tilt)
        print(f"{step / 2},{pvlib.iam.physical(step / 2):.8f},{tilt},{diffuse['sky']:.8f},{diffuse['ground']:.8f}")


# LONGi LR6-72PH-370M of the CEC's list, as SAM 2018.11.11 has it: alpha_sc, a_ref, I_L_ref, I_o_ref, R_sh_ref, R_s.
MODULE = (0.003739, 1.832211, 9.945143, 3.506512e-11, 524.106995, 0.355582)


def table_diode():
    print("irradiance,cell,power,voltage,open")
    for times, latitude, longitude, altitude, tilt, azimuth in instants():
        position, airmass, extra, sky = clear(times, latitude, longitude, altitude)
        plane = pvlib.irradiance.get_total_irradiance(
            tilt, azimuth, position["zenith"], position["azimuth"], sky["dni"], sky["ghi"], sky["dhi"],
            dni_extra=extra, airmass=airmass, albedo=ALBEDO, model="perez")["poa_global"].fillna(0).to_numpy()
        cell = pvlib.temperature.faiman(plane, 12 + 14 * np.sin(np.arange(288) / 288 * 2 * np.pi - 2), 2.5)
        lit = plane > 0
        parameters = pvlib.pvsystem.calcparams_desoto(plane[lit], cell[lit], *MODULE)
        point = pvlib.pvsystem.singlediode(*parameters)
        for row in zip(plane[lit], cell[lit], point["p_mp"], point["v_mp"], point["v_oc"]):
            print(",".join(f"{v:.6f}" for v in row))


def table_chain():
    """From the clock to the grid: sun, clear sky, plane, glass, cell temperature, DC and AC."""
    print("time,latitude,longitude,altitude,tilt,azimuth,ambient,wind,plane,effective,dc,ac")
    for times, latitude, longitude, altitude, tilt, azimuth in instants():
        position, airmass, extra, sky = clear(times, latitude, longitude, altitude)
        parts = pvlib.irradiance.get_total_irradiance(
            tilt, azimuth, position["zenith"], position["azimuth"], sky["dni"], sky["ghi"], sky["dhi"],
            dni_extra=extra, airmass=airmass, albedo=ALBEDO, model="perez").fillna(0)
        incidence = pvlib.irradiance.aoi(tilt, azimuth, position["zenith"], position["azimuth"])
        dome = pvlib.iam.physical(59.7 - 0.1388 * tilt + 0.001497 * tilt**2)
        ground = pvlib.iam.physical(90 - 0.5788 * tilt + 0.002693 * tilt**2)
        effective = (
            parts["poa_direct"] * pvlib.iam.physical(incidence) + parts["poa_sky_diffuse"] * dome + parts["poa_ground_diffuse"] * ground)
        ambient = 12 + 14 * np.sin(np.arange(288) / 288 * 2 * np.pi - 2)
        wind = 2.5 + 2 * np.sin(np.arange(288) / 9.0)
        cell = pvlib.temperature.faiman(parts["poa_global"], ambient, wind)
        direct = pvlib.pvsystem.pvwatts_dc(effective, cell, 12000, -0.0035)
        alternating = pvlib.inverter.pvwatts(direct, 10000 / 0.97, 0.97)
        for row in zip(milliseconds(times), ambient, wind, parts["poa_global"], effective, direct, alternating):
            print(f"{row[0]},{latitude},{longitude},{altitude},{tilt},{azimuth}," + ",".join(f"{v:.6f}" for v in row[1:]))


TABLES = {
    "sun": table_sun, "clear-sky": table_clear_sky, "plane": table_plane, "power": table_power, "turbidity": table_turbidity,
    "trackers": table_trackers, "glass": table_glass, "diode": table_diode, "chain": table_chain,
}
TABLES[sys.argv[1]]()
